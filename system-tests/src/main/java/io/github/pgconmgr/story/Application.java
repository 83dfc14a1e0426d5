package io.github.pgconmgr.story;

import io.github.pgconmgr.time.NanoClock;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;

/**
 * An application as customers have them: it connects, works, and on an error connects again. Each thing that happens is one
 * line on standard output: monotonic nanoseconds (the same clock in every process of a machine), a word, details.
 *
 * <pre>
 * Application writer NAME URL     CONNECTED address port | ACK n | ERROR sqlstate text
 * Application reader NAME URL     CONNECTED address port | READ n | ERROR sqlstate text
 * Application holder NAME URL     takes the advisory lock 4711 and sits in its transaction: CONNECTED | ERROR
 * Application visitor NAME URL    connects, says where, and leaves again: CONNECTED | ERROR
 * </pre>
 *
 * <p>Confined to the main thread. Runs until it is killed.
 */
public final class Application {

    private static final long PAUSE_AFTER_ERROR_NANOS = Duration.ofMillis(20).toNanos();

    /** One kind of work on a connection; returns the line to print, empty for none. */
    @FunctionalInterface
    private interface Work {
        String once(Connection connection) throws SQLException;
    }

    private final String name;
    private final String url;
    private long next = 1;

    private Application(String name, String url) {
        this.name = name;
        this.url = url;
    }

    /** See the class. */
    public static void main(String[] arguments) {
        Application application = new Application(arguments[1], arguments[2]);
        Work work = switch (arguments[0]) {
            case "writer" -> application::write;
            case "reader" -> application::read;
            case "holder" -> application::hold;
            case "visitor" -> application::leave;
            default -> throw new IllegalArgumentException(arguments[0]);
        };
        while (true) {
            application.connectAndWork(work);
            LockSupport.parkNanos(PAUSE_AFTER_ERROR_NANOS);
        }
    }

    private void connectAndWork(Work work) {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("ApplicationName", name);
        try (Connection connection = DriverManager.getConnection(url, properties)) {
            say("CONNECTED " + serverOf(connection));
            while (!connection.isClosed()) {
                String line = work.once(connection);
                if (!line.isEmpty()) {
                    say(line);
                }
            }
        } catch (SQLException e) {
            say("ERROR " + e.getSQLState() + " "
                    + String.valueOf(e.getMessage()).replaceAll("\\s+", " "));
        }
    }

    /**
     * The row counts once the server has acknowledged it, and the statement takes a while, as real ones do. A row whose
     * acknowledgement was lost with the connection may be there already: that is no error of the next try.
     */
    private String write(Connection connection) throws SQLException {
        String sql = "INSERT INTO written(writer, n) SELECT ?, ? FROM pg_sleep(0.02) ON CONFLICT DO NOTHING";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setString(1, name);
            insert.setLong(2, next);
            insert.executeUpdate();
        }
        return "ACK " + next++;
    }

    private String read(Connection connection) throws SQLException {
        try (PreparedStatement count = connection.prepareStatement("SELECT count(*) FROM written, pg_sleep(0.05)");
                ResultSet row = count.executeQuery()) {
            row.next();
            return "READ " + row.getLong(1);
        }
    }

    private String hold(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement lock = connection.prepareStatement("SELECT pg_advisory_lock(4711), pg_sleep(3600)")) {
            lock.execute();
        }
        return "";
    }

    private String leave(Connection connection) throws SQLException {
        connection.close();
        return "";
    }

    private static String serverOf(Connection connection) throws SQLException {
        try (PreparedStatement server =
                        connection.prepareStatement("SELECT host(inet_server_addr()), inet_server_port()");
                ResultSet row = server.executeQuery()) {
            row.next();
            return row.getString(1) + " " + row.getInt(2);
        }
    }

    private static void say(String line) {
        System.out.println(NanoClock.SYSTEM.nanoTime() + " " + line);
        System.out.flush();
    }
}
