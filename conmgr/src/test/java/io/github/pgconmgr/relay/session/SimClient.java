package io.github.pgconmgr.relay.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;

/**
 * An application that says random things, and knows whether what it hears can be the answer. Confined to the test's thread.
 */
final class SimClient {

    private final ScriptedConnection connection;
    private final String tag;
    private final String database;
    private final boolean ownSession;
    private final SimStream in = new SimStream();
    private final SimStream out = new SimStream();
    private boolean started;
    private boolean ready;
    private boolean inTransaction;
    private boolean failed;
    private int awaited;
    private boolean copyData;
    private boolean copyIsExtended;
    private boolean failing;
    private String setting = SimServer.NONE;
    private int answers;
    private int copies;

    /**
     * @param ownSession what it sets is there as long as it is: session mode
     */
    SimClient(ScriptedConnection connection, int number, boolean ownSession) {
        this.connection = connection;
        this.tag = "c" + number;
        this.database = "shop" + number % 2;
        this.ownSession = ownSession;
    }

    boolean isClosed() {
        return connection.isClosed();
    }

    ScriptedConnection connection() {
        return connection;
    }

    int answers() {
        return answers;
    }

    void work(Random random) {
        hear();
        if (!started) {
            started = true;
            out.add(Wire.startup("user", "app", "database", database));
        } else if (ready && awaited == 0 && out.isEmpty()) {
            say(random);
        }
        if (!out.isEmpty() && !connection.isPaused()) {
            connection.receive(out.takePiece(random));
        }
        connection.settle();
    }

    /** Hears and says what is under way, and leaves behind that. */
    void finish(Random random) {
        hear();
        if (!started) {
            connection.hangUp();
        } else if (ready && awaited == 0 && out.isEmpty()) {
            out.add(Wire.message('X', ""));
        }
        if (!out.isEmpty() && !connection.isPaused()) {
            connection.receive(out.takePiece(random));
        }
        connection.settle();
    }

    private void say(Random random) {
        switch (random.nextInt(12)) {
            case 0 -> out.add(Wire.message('X', ""));
            case 1, 2 -> simple(inTransaction || failed ? (random.nextBoolean() ? "COMMIT" : "ABORT") : "BEGIN");
            case 3 -> simple("SET " + tag);
            case 4 -> simple("FAIL");
            case 5 -> copy(random.nextBoolean());
            case 6, 7 -> extended("GET " + tag, 1 + random.nextInt(3));
            case 8 -> {
                simple("GET " + tag);
                simple("GET " + tag);
            }
            default -> simple("GET " + tag);
        }
    }

    private void simple(String sql) {
        out.add(Wire.query(sql));
        awaited++;
        track(sql);
    }

    private void track(String sql) {
        failing |= sql.equals("FAIL");
        if (sql.startsWith("SET ") && !failed) {
            setting = tag;
        }
    }

    private void extended(String sql, int times) {
        for (int time = 0; time < times; time++) {
            out.add(Wire.message('P', "\0" + sql + "\0\0\0"));
            out.add(Wire.message('B', "\0\0\0\0\0\0\0\0"));
            out.add(Wire.message('E', "\0\0\0\0\0"));
        }
        out.add(Wire.message('S', ""));
        awaited++;
    }

    private void copy(boolean extended) {
        copyData = true;
        copyIsExtended = extended;
        if (extended) {
            extended("COPY", 1);
        } else {
            simple("COPY");
        }
    }

    private void hear() {
        in.add(connection.take());
        for (SimStream.Message message = in.next(); message != null; message = in.next()) {
            onMessage(message);
        }
    }

    private void onMessage(SimStream.Message message) {
        switch (message.type()) {
            case 'Z' -> onReady(message.body().charAt(0));
            case 'D' -> onRow(message.text());
            case 'G' -> onCopyIn();
            case 'E' -> {
                boolean fatal = message.text().startsWith("SFATAL");
                assertTrue(fatal || failing || failed, tag + " got an error: " + message.text());
                copyData = false;
            }
            case 'R', 'S', 'K', 'C', '1', '2' -> {}
            default -> throw new AssertionError(tag + " got " + message.type());
        }
    }

    private void onCopyIn() {
        assertTrue(copyData, tag + " got another's COPY");
        copyData = false;
        boolean bad = copies++ % 3 == 0;
        failing |= bad;
        out.add(Wire.message('d', bad ? SimServer.BAD_ROW : "row\n"));
        out.add(Wire.message('d', "row\n"));
        out.add(Wire.message('c', ""));
        if (copyIsExtended) {
            out.add(Wire.message('S', ""));
        }
    }

    private void onReady(char status) {
        if (!ready) {
            ready = true;
            assertEquals('I', status);
            return;
        }
        awaited--;
        answers++;
        assertTrue(awaited >= 0, tag + " got an answer to nothing");
        inTransaction = status == 'T';
        failed = status == 'E';
        failing &= awaited > 0 || failed;
    }

    private void onRow(String text) {
        String[] parts = text.split("=", 2);
        assertEquals(tag, parts[0], "a row of somebody else's");
        if (ownSession) {
            assertEquals(setting, parts[1], tag + " sees another session's setting");
        } else {
            assertTrue(
                    parts[1].equals(SimServer.NONE) || parts[1].equals(tag), tag + " sees the setting of " + parts[1]);
        }
    }
}
