package io.github.pgconmgr.relay.session;

import java.util.Random;

/**
 * A server process that answers as PostgreSQL does, as far as a pool can tell: transactions, one setting, simple and extended protocol,
 * COPY. Confined to the test's thread.
 */
final class SimServer {

    static final String NONE = "none";

    /** With it a COPY fails; the rest of the data is ignored. */
    static final String BAD_ROW = "bad\n";

    private final ScriptedConnection connection;
    private final SimStream in = new SimStream();
    private final SimStream out = new SimStream();
    private final int pid;
    private boolean started;
    private boolean copying;
    private boolean copyIsExtended;
    private boolean skipping;
    private char status = 'I';
    private String setting = NONE;
    private String parsed = "";

    SimServer(ScriptedConnection connection, int pid) {
        this.connection = connection;
        this.pid = pid;
    }

    boolean isClosed() {
        return connection.isClosed();
    }

    ScriptedConnection connection() {
        return connection;
    }

    /** Nothing is under way here: all has been read and answered. */
    boolean isQuiet() {
        return in.isEmpty() && out.isEmpty();
    }

    char status() {
        return status;
    }

    String setting() {
        return setting;
    }

    /** Reads what has come, and sends a piece of what it has to say. */
    void work(Random random) {
        read();
        if (!out.isEmpty() && !connection.isPaused()) {
            connection.receive(out.takePiece(random));
        }
        connection.settle();
    }

    void read() {
        in.add(connection.take());
        if (!started) {
            started = in.size() > 0;
            if (started) {
                in.take(in.size());
                out.add(Wire.welcome(pid));
            }
            return;
        }
        for (SimStream.Message message = in.next(); message != null; message = in.next()) {
            onMessage(message);
        }
    }

    private void onMessage(SimStream.Message message) {
        if (copying) {
            onCopyMessage(message);
            return;
        }
        if (skipping && message.type() != 'S') {
            return;
        }
        switch (message.type()) {
            case 'Q' -> {
                run(message.text(), false);
                if (!copying) {
                    out.add(Wire.ready(status));
                }
            }
            case 'P' -> {
                parsed = message.body().substring(1, message.body().length() - 3);
                out.add(Wire.message('1', ""));
            }
            case 'B' -> out.add(Wire.message('2', ""));
            case 'E' -> run(parsed, true);
            case 'S' -> {
                skipping = false;
                out.add(Wire.ready(status));
            }
            case 'X' -> connection.hangUp();
            case 'c', 'f', 'd' -> {}
            default -> throw new AssertionError("a server got " + message.type());
        }
    }

    private void onCopyMessage(SimStream.Message message) {
        if (message.type() == 'd' && message.body().equals(BAD_ROW)) {
            copying = false;
            fail(copyIsExtended);
            if (!copyIsExtended) {
                out.add(Wire.ready(status));
            }
        } else if (message.type() == 'c') {
            copying = false;
            out.add(Wire.message('C', "COPY 1\0"));
            if (!copyIsExtended) {
                out.add(Wire.ready(status));
            }
        } else if (message.type() != 'd' && message.type() != 'S' && message.type() != 'H') {
            throw new AssertionError("a server got " + message.type() + " in COPY");
        }
    }

    private void fail(boolean extended) {
        out.add(Wire.message('E', "SERROR\0C42601\0\0"));
        status = status == 'I' ? 'I' : 'E';
        skipping = extended;
    }

    private void run(String sql, boolean extended) {
        String[] words = sql.split(" ", 2);
        boolean ends = words[0].equals("COMMIT") || words[0].equals("ABORT");
        if (words[0].equals("FAIL") || (status == 'E' && !ends) || (sql.equals("DISCARD ALL") && status != 'I')) {
            fail(extended);
            return;
        }
        switch (words[0]) {
            case "BEGIN" -> status = 'T';
            case "COMMIT", "ABORT" -> status = 'I';
            case "SET" -> setting = words[1];
            case "DISCARD" -> setting = NONE;
            case "COPY" -> {
                copying = true;
                copyIsExtended = extended;
                out.add(Wire.message('G', "\0\0\0"));
                return;
            }
            case "GET" -> out.add(Wire.message('D', words[1] + "=" + setting));
            default -> throw new AssertionError("a server got the query " + sql);
        }
        out.add(Wire.message('C', words[0] + "\0"));
    }
}
