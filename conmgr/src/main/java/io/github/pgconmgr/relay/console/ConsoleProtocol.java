package io.github.pgconmgr.relay.console;

import io.github.pgconmgr.relay.protocol.BackendMessages;
import io.github.pgconmgr.relay.protocol.MalformedException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The messages of a client of the console, one after the other. Confined to its session. */
final class ConsoleProtocol {

    /** Named and unnamed ones; a driver's cache of statements asks for a few of them. */
    static final int MAX_STATEMENTS = 256;

    private final ConsoleCommands commands;
    private final BackendMessages out;
    private final Map<String, String> statements = new HashMap<>();
    private final Map<String, Portal> portals = new HashMap<>();
    private char transaction = 'I';

    /** An extended query has failed: everything up to Sync is skipped. */
    private boolean skipping;

    ConsoleProtocol(ConsoleCommands commands, BackendMessages out) {
        this.commands = commands;
        this.out = out;
    }

    /**
     * A message, its body from index {@code from} to before {@code to}.
     *
     * @throws MalformedException if it is none that a client may send
     */
    void onMessage(char type, ByteBuffer buffer, int from, int to) {
        MessageReader in = new MessageReader(buffer, from, to);
        switch (type) {
            case 'Q' -> onQuery(in);
            case 'S' -> onSync(in);
            case 'P', 'B', 'D', 'E', 'C' -> onExtended(type, in);
            case 'H' -> in.end();
            // COPY was never asked for: PostgreSQL ignores these, too.
            case 'd', 'c', 'f' -> {}
            default -> throw new MalformedException("a message of type " + (int) type);
        }
    }

    private void onQuery(MessageReader in) {
        String sql = in.text();
        in.end();
        skipping = false;
        try {
            Outcome outcome = commands.run(sql);
            Portal portal = Portal.text(outcome);
            if (outcome.table() != null) {
                portal.describe(out);
            }
            portal.execute(0, out);
            follow(outcome.tag());
        } catch (ConsoleException e) {
            out.error(e.sqlState(), e.message(), e.hint());
        }
        out.readyForQuery(transaction);
    }

    private void onSync(MessageReader in) {
        in.end();
        skipping = false;
        if (transaction == 'I') {
            portals.clear();
        }
        out.readyForQuery(transaction);
    }

    private void onExtended(char type, MessageReader in) {
        if (skipping) {
            return;
        }
        try {
            switch (type) {
                case 'P' -> onParse(in);
                case 'B' -> onBind(in);
                case 'D' -> onDescribe(in);
                case 'E' -> onExecute(in);
                default -> onClose(in);
            }
        } catch (ConsoleException e) {
            skipping = true;
            out.error(e.sqlState(), e.message(), e.hint());
        }
    }

    private void onParse(MessageReader in) throws ConsoleException {
        String name = in.text();
        String sql = in.text();
        for (int types = in.int16(); types > 0; types--) {
            in.int32();
        }
        in.end();
        checkRoom(statements, name);
        statements.put(name, sql);
        out.bare('1');
    }

    private static void checkRoom(Map<String, ?> held, String name) throws ConsoleException {
        if (held.size() >= MAX_STATEMENTS && !held.containsKey(name)) {
            throw new ConsoleException("53400", "more than " + MAX_STATEMENTS + " statements or portals at a time", "");
        }
    }

    private void onBind(MessageReader in) throws ConsoleException {
        String portal = in.text();
        String sql = statement(in.text());
        for (int formats = in.int16(); formats > 0; formats--) {
            in.int16();
        }
        if (in.int16() != 0) {
            throw new ConsoleException("08P01", "no command of this console has parameters", "");
        }
        List<Integer> formats = new ArrayList<>();
        for (int left = in.int16(); left > 0; left--) {
            formats.add(in.int16());
        }
        in.end();
        checkRoom(portals, portal);
        portals.put(portal, Portal.of(commands.run(sql), formats));
        out.bare('2');
    }

    private String statement(String name) throws ConsoleException {
        String sql = statements.get(name);
        if (sql == null) {
            throw new ConsoleException("26000", "prepared statement \"" + name + "\" does not exist", "");
        }
        return sql;
    }

    private Portal portal(String name) throws ConsoleException {
        Portal portal = portals.get(name);
        if (portal == null) {
            throw new ConsoleException("34000", "portal \"" + name + "\" does not exist", "");
        }
        return portal;
    }

    private void onDescribe(MessageReader in) throws ConsoleException {
        int kind = in.int8();
        String name = in.text();
        in.end();
        if (kind == 'S') {
            Portal described = Portal.text(commands.run(statement(name)));
            out.noParameters();
            described.describe(out);
        } else {
            portal(name).describe(out);
        }
    }

    private void onExecute(MessageReader in) throws ConsoleException {
        Portal portal = portal(in.text());
        int limit = in.int32();
        in.end();
        portal.execute(limit, out);
        follow(portal.tag());
    }

    private void onClose(MessageReader in) {
        int kind = in.int8();
        String name = in.text();
        in.end();
        if (kind == 'S') {
            statements.remove(name);
        } else {
            portals.remove(name);
        }
        out.bare('3');
    }

    /** Drivers open transactions on their own, and look whether they got one. */
    private void follow(String tag) {
        switch (tag) {
            case "BEGIN" -> transaction = 'T';
            case "COMMIT", "ROLLBACK" -> transaction = 'I';
            default -> {}
        }
    }
}
