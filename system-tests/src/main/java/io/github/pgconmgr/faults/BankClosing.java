package io.github.pgconmgr.faults;

import io.github.pgconmgr.testkit.PgInstance;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Closes the bank's books, so that those of a day are as short as those of a minute: what was acknowledged is compared with the
 * books a last time, and taken out of both; what these transfers have moved stays, as one row for each account. Were a closed
 * transfer lost after that, its closing would be, too, and it would be seen in the books again, unknown.
 *
 * <p>Confined to its lab's thread.
 */
final class BankClosing {

    /** The worker of the rows that stay. */
    private static final String CLOSED = "closed";

    private static final String CLOSE = "WITH upto (worker, n) AS (VALUES %s),"
            + " gone AS (DELETE FROM transfer USING upto WHERE transfer.worker = upto.worker AND transfer.n <= upto.n"
            + " AND transfer.worker || ' ' || transfer.n <> ALL ('{%s}') RETURNING transfer.*),"
            + " moved AS (SELECT source AS id, -amount AS d FROM gone UNION ALL SELECT target, amount FROM gone),"
            + " kept AS (INSERT INTO transfer SELECT '" + CLOSED + "', 0, id, -1, -sum(d) FROM moved WHERE id >= 0"
            + " GROUP BY id) SELECT worker, n FROM gone WHERE target >= 0";

    private long transfers;
    private long lost;

    /** How many acknowledged transfers were closed so far. */
    long transfers() {
        return transfers;
    }

    /** How many of these were not in the books. */
    long lost() {
        return lost;
    }

    /** Closes; nothing of what was acknowledged may be without its session, so only when all is well. Lost ones, a line each. */
    List<String> close(Ledger ledger, PgInstance primary) {
        Set<Ledger.Transfer> acknowledged = new HashSet<>(ledger.acknowledged());
        if (acknowledged.isEmpty()) {
            return List.of();
        }
        Map<String, Long> upTo = highest(acknowledged);
        Set<Ledger.Transfer> booked = new HashSet<>(Bank.parse(primary.sql(sql(upTo, ledger.unknown()))));
        transfers += acknowledged.size();
        ledger.close(upTo);
        acknowledged.removeAll(booked);
        lost += acknowledged.size();
        return acknowledged.stream()
                .map(transfer -> "acknowledged, but lost at the closing: " + transfer)
                .toList();
    }

    private static Map<String, Long> highest(Set<Ledger.Transfer> transfers) {
        Map<String, Long> highest = new HashMap<>();
        transfers.forEach(transfer -> highest.merge(transfer.worker(), transfer.number(), Math::max));
        return highest;
    }

    /** Those whose answer was lost stay, to be counted at the end; earlier closings are closed along with the rest. */
    static String sql(Map<String, Long> upTo, Set<Ledger.Transfer> unknown) {
        String values = upTo.entrySet().stream()
                .map(entry -> "('" + entry.getKey() + "', " + entry.getValue() + ")")
                .sorted()
                .collect(Collectors.joining(", "));
        String stay = unknown.stream()
                .map(transfer -> transfer.worker() + " " + transfer.number())
                .sorted()
                .map(each -> "\"" + each + "\"")
                .collect(Collectors.joining(","));
        return String.format(Locale.ROOT, CLOSE, values + ", ('" + CLOSED + "', 0)", stay);
    }
}
