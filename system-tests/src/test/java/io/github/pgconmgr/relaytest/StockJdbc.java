package io.github.pgconmgr.relaytest;

import io.github.pgconmgr.time.NanoClock;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.largeobject.LargeObject;
import org.postgresql.largeobject.LargeObjectManager;

/**
 * pgjdbc as it is, with the verbs of the resources' README and {@code large} (a large object, line {@code large}: its size).
 * Prepared statements become the server's at their second use. Confined to the main thread.
 */
public final class StockJdbc {

    private static final String WHERE = "SELECT current_setting('cluster_name')";
    private static final String SLEEP = "SELECT pg_sleep(3600)";
    private static final String WRITE = "INSERT INTO journal VALUES (1)";
    private static final String COUNT = "SELECT count(*) FROM journal";
    private static final int ROWS = 1000;
    private static final int LARGE = 1_000_000;

    private final String url;

    private StockJdbc(String host, String port) {
        this.url = "jdbc:postgresql://" + host + ":" + port + "/app";
    }

    /** HOST PORT VERB... */
    public static void main(String[] arguments) throws SQLException, IOException {
        StockJdbc application = new StockJdbc(arguments[0], arguments[1]);
        Connection connection = application.connect();
        for (String verb : List.of(arguments).subList(2, arguments.length)) {
            switch (verb) {
                case "work" -> work(connection);
                case "copy" -> copy(connection);
                case "listen" -> application.listen(connection);
                case "large" -> large(connection);
                case "wait" -> application.waitAndReturn(connection);
                default -> throw new IllegalArgumentException(verb);
            }
        }
    }

    private Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "app");
        properties.setProperty("password", "secret");
        properties.setProperty("prepareThreshold", "2");
        properties.setProperty("connectTimeout", "5");
        return DriverManager.getConnection(url, properties);
    }

    private static void work(Connection connection) throws SQLException {
        say("server", text(connection, WHERE));
        connection.setAutoCommit(false);
        run(connection, "CREATE TEMPORARY TABLE numbers (n int) ON COMMIT DROP");
        addNumbers(connection);
        say("sum", text(connection, "SELECT sum(n) FROM numbers"));
        connection.commit();
        long before = Long.parseLong(text(connection, COUNT));
        run(connection, WRITE);
        connection.rollback();
        say("left", Long.toString(Long.parseLong(text(connection, COUNT)) - before));
        connection.commit();
        connection.setAutoCommit(true);
        say("error", stateOf(connection, "SELECT 1/0", 0));
        say("cancel", stateOf(connection, SLEEP, 1));
        say("after", text(connection, "SELECT 1"));
    }

    /** One half each, the other as a batch. */
    private static void addNumbers(Connection connection) throws SQLException {
        try (PreparedStatement adding = connection.prepareStatement("INSERT INTO numbers VALUES (?)")) {
            for (int n = 1; n <= 100; n++) {
                adding.setInt(1, n);
                if (n <= 50) {
                    adding.executeUpdate();
                } else {
                    adding.addBatch();
                }
            }
            adding.executeBatch();
        }
    }

    private static String stateOf(Connection connection, String sql, int limitSeconds) {
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(limitSeconds);
            statement.execute(sql);
            return "none";
        } catch (SQLException e) {
            return String.valueOf(e.getSQLState());
        }
    }

    private static void copy(Connection connection) throws SQLException, IOException {
        run(connection, "CREATE TEMPORARY TABLE copied (n int)");
        String rows = IntStream.range(0, ROWS).mapToObj(n -> n + "\n").collect(Collectors.joining());
        PGConnection api = connection.unwrap(PGConnection.class);
        api.getCopyAPI().copyIn("COPY copied FROM STDIN", new StringReader(rows));
        StringWriter out = new StringWriter();
        api.getCopyAPI().copyOut("COPY copied TO STDOUT", out);
        say("copied", Long.toString(out.toString().lines().count()));
    }

    private void listen(Connection connection) throws SQLException {
        run(connection, "LISTEN news");
        try (Connection other = connect()) {
            run(other, "NOTIFY news, 'hello'");
        }
        PGConnection api = connection.unwrap(PGConnection.class);
        PGNotification[] heard =
                api.getNotifications((int) Duration.ofSeconds(10).toMillis());
        say("notified", heard[0].getParameter());
    }

    private static void large(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        LargeObjectManager objects = connection.unwrap(PGConnection.class).getLargeObjectAPI();
        long id = objects.createLO();
        try (LargeObject object = objects.open(id, LargeObjectManager.WRITE)) {
            object.write(new byte[LARGE]);
        }
        try (LargeObject object = objects.open(id, LargeObjectManager.READ)) {
            say("large", Integer.toString(object.read(2 * LARGE).length));
        }
        objects.delete(id);
        connection.commit();
        connection.setAutoCommit(true);
    }

    private void waitAndReturn(Connection lost) {
        say("waiting", "yes");
        try {
            run(lost, SLEEP);
        } catch (SQLException e) {
            say("lost", e.getSQLState() + " " + e.getClass().getSimpleName() + " " + e.getMessage());
        }
        String where = null;
        long deadline = NanoClock.SYSTEM.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (where == null && NanoClock.SYSTEM.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            try (Connection fresh = connect()) {
                run(fresh, WRITE);
                where = text(fresh, WHERE);
            } catch (SQLException e) {
                where = null;
            }
        }
        say("again", String.valueOf(where));
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }

    private static void say(String key, String value) {
        System.out.println(key + "=" + value.replaceAll("\\s+", " "));
        System.out.flush();
    }
}
