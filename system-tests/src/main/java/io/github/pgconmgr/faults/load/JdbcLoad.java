package io.github.pgconmgr.faults.load;

import io.github.pgconmgr.time.NanoClock;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * The JDBC half of the load, one process with a thread per connection; {@code load.c} is the other half and does the same.
 *
 * <pre>
 * JdbcLoad NAME PORT WRITERS READERS FIRST SLEEP
 * </pre>
 *
 * <p>NAME is the beginning of the workers' names, FIRST the number before each worker's first
 * transfer, SLEEP the seconds that a statement takes. A writer moves money
 * between accounts at the primary, a reader adds all accounts up at a standby; on an error each connects again. What happens is
 * a line each ({@code LoadEvent}). Ends with its standard input.
 *
 * <p>Confined: each worker to its thread.
 */
public final class JdbcLoad {

    private static final int ACCOUNTS = 1000;
    private static final int PAUSE_MIN_MILLIS = 100;
    private static final int PAUSE_MAX_MILLIS = 300;
    private static final int PAUSE_AFTER_ERROR_MILLIS = 100;

    private final String name;
    private final String url;
    private final boolean writes;
    private final double sleepSeconds;
    private long next;
    private String phase = "connect";
    private long beginNanos;

    private JdbcLoad(String name, String port, boolean writes, long first, double sleepSeconds) {
        this.name = name;
        this.url = "jdbc:conmgr://localhost:" + port + "/postgres?targetServerType="
                + (writes ? "primary" : "preferSecondary");
        this.writes = writes;
        this.next = first;
        this.sleepSeconds = sleepSeconds;
    }

    /** See the class. */
    public static void main(String[] arguments) throws IOException {
        int writers = Integer.parseInt(arguments[2]);
        int readers = Integer.parseInt(arguments[3]);
        for (int number = 0; number < writers + readers; number++) {
            JdbcLoad worker = new JdbcLoad(
                    arguments[0] + (number + 1),
                    arguments[1],
                    number < writers,
                    Long.parseLong(arguments[4]),
                    Double.parseDouble(arguments[5]));
            Thread thread = new Thread(worker::work, worker.name);
            thread.setDaemon(true);
            thread.start();
        }
        while (System.in.read() != -1) {
            // Nobody writes; the end is the message.
        }
    }

    private void work() {
        while (true) {
            begin("connect");
            try (Connection connection = DriverManager.getConnection(url, properties())) {
                say("C", serverOf(connection));
                connection.setAutoCommit(!writes);
                while (true) {
                    begin("work");
                    if (writes) {
                        transfer(connection);
                    } else {
                        look(connection);
                    }
                    pause(ThreadLocalRandom.current().nextInt(PAUSE_MIN_MILLIS, PAUSE_MAX_MILLIS));
                }
            } catch (SQLException e) {
                say(
                        "E",
                        e.getSQLState() + " " + phase + " " + (writes ? next : 0) + " "
                                + String.valueOf(e.getMessage()).replaceAll("\\s+", " "));
            }
            pause(PAUSE_AFTER_ERROR_MILLIS);
        }
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("ApplicationName", name);
        return properties;
    }

    private void begin(String newPhase) {
        phase = newPhase;
        beginNanos = NanoClock.SYSTEM.nanoTime();
    }

    private static String serverOf(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT host(inet_server_addr()), pg_backend_pid()")) {
            row.next();
            return row.getString(1) + " " + row.getInt(2);
        }
    }

    private void transfer(Connection connection) throws SQLException {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        int source = random.nextInt(ACCOUNTS);
        int target = (source + random.nextInt(1, ACCOUNTS)) % ACCOUNTS;
        int amount = random.nextInt(1, 101);
        next++;
        // In the order of the numbers, so that no two wait for each other.
        boolean up = source < target;
        add(connection, up ? -amount : amount, up ? source : target);
        add(connection, up ? amount : -amount, up ? target : source);
        String sql = "INSERT INTO transfer SELECT ?, ?, ?, ?, ? FROM pg_sleep(?)";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setString(1, name);
            insert.setLong(2, next);
            insert.setInt(3, source);
            insert.setInt(4, target);
            insert.setInt(5, amount);
            insert.setDouble(6, sleepSeconds);
            insert.executeUpdate();
        }
        phase = "commit";
        connection.commit();
        say("A", Long.toString(next));
    }

    private static void add(Connection connection, int amount, int account) throws SQLException {
        String sql = "UPDATE account SET balance = balance + ? WHERE id = ?";
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setInt(1, amount);
            update.setInt(2, account);
            update.executeUpdate();
        }
    }

    private void look(Connection connection) throws SQLException {
        String sql = "SELECT sum(balance) FROM account, pg_sleep(?)";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setDouble(1, sleepSeconds);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                say("R", row.getString(1));
            }
        }
    }

    private void say(String what, String details) {
        String line = NanoClock.SYSTEM.nanoTime() + " " + what + " " + name + " " + beginNanos + " " + details;
        // One call, and so one line, whoever else is writing.
        synchronized (System.out) {
            System.out.println(line);
            System.out.flush();
        }
    }

    private static void pause(int millis) {
        LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
    }
}
