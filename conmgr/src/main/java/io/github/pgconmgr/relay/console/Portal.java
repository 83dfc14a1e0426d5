package io.github.pgconmgr.relay.console;

import io.github.pgconmgr.relay.protocol.BackendMessages;
import java.util.List;

/** A bound command, and how far its rows have been fetched. Confined to its session. */
final class Portal {

    private final Outcome outcome;
    private final int[] formats;
    private int next;

    private Portal(Outcome outcome, int[] formats) {
        this.outcome = outcome;
        this.formats = formats;
    }

    /** All in text. */
    static Portal text(Outcome outcome) {
        return new Portal(outcome, new int[columns(outcome)]);
    }

    /**
     * @param asked none is all text, one holds for all columns
     * @throws ConsoleException if they do not fit
     */
    static Portal of(Outcome outcome, List<Integer> asked) throws ConsoleException {
        int[] formats = new int[columns(outcome)];
        if (asked.size() > 1 && asked.size() != formats.length) {
            throw new ConsoleException(
                    "08P01",
                    "bind message has " + asked.size() + " result formats but query has " + formats.length + " columns",
                    "");
        }
        for (int i = 0; i < formats.length && !asked.isEmpty(); i++) {
            formats[i] = asked.get(asked.size() == 1 ? 0 : i);
            if (formats[i] != Cells.TEXT_FORMAT && formats[i] != Cells.BINARY_FORMAT) {
                throw new ConsoleException("22023", "unsupported format code: " + formats[i], "");
            }
        }
        return new Portal(outcome, formats);
    }

    private static int columns(Outcome outcome) {
        Table table = outcome.table();
        return table == null ? 0 : table.columns().size();
    }

    void describe(BackendMessages out) {
        Table table = outcome.table();
        if (table == null) {
            out.bare('n');
        } else {
            out.rowDescription(table.columns(), formats);
        }
    }

    /**
     * Gives rows, and the tag behind the last one.
     *
     * @param limit 0 for none
     */
    void execute(int limit, BackendMessages out) {
        if (outcome.tag().isEmpty()) {
            out.bare('I');
            return;
        }
        if (!outcome.notice().isEmpty()) {
            out.notice(outcome.notice(), outcome.detail());
        }
        Table table = outcome.table();
        int end = table == null ? 0 : limit > 0 ? (int) Math.min(table.size(), (long) next + limit) : table.size();
        while (table != null && next < end) {
            out.dataRow(table.encode(next, formats));
            next++;
        }
        if (table != null && next < table.size()) {
            out.bare('s');
        } else {
            out.commandComplete(outcome.tag());
        }
    }

    String tag() {
        return outcome.tag();
    }
}
