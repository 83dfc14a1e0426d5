package io.github.pgconmgr.bench.load;

import io.github.pgconmgr.time.NanoClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * An application whose query hangs when the link to its server goes silent. For each line of standard input:
 *
 * <pre>
 * BlockedQuery URL SERVER-ADDRESS
 *     idle N    opens N connections, uses each once: IDLE
 *     drop      closes them: DROPPED
 *     go        waits in a statement at the server of that address: GONE monotonic-nanos, when that ends in an error; then tries again every
 *               50 ms: BACK monotonic-nanos, when a query has been answered
 * </pre>
 *
 * <p>Confined to the main thread.
 */
public final class BlockedQuery {

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final String url;
    private final String address;
    private final Properties properties = new Properties();
    private final List<Connection> idle = new ArrayList<>();

    private BlockedQuery(String url, String address) {
        this.url = url;
        this.address = address;
        properties.setProperty("user", "postgres");
    }

    /** See the class. */
    public static void main(String[] arguments) throws IOException, SQLException {
        BlockedQuery application = new BlockedQuery(arguments[0], arguments[1]);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "idle" -> application.open(Integer.parseInt(words[1]));
                case "drop" -> application.drop();
                case "go" -> application.hang();
                default -> throw new IllegalArgumentException(line);
            }
        }
    }

    private void open(int count) throws SQLException {
        for (int i = 0; i < count; i++) {
            Connection connection = DriverManager.getConnection(url, properties);
            idle.add(connection);
            execute(connection, "SELECT 1");
        }
        System.out.println("IDLE");
    }

    private void drop() throws SQLException {
        for (Connection connection : idle) {
            connection.close();
        }
        idle.clear();
        System.out.println("DROPPED");
    }

    private void hang() {
        String sql = "SELECT CASE WHEN host(inet_server_addr()) = '" + address + "' THEN pg_sleep(3600) END";
        // Elsewhere it returns at once.
        while (succeeds(sql)) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        System.out.println("GONE " + NanoClock.SYSTEM.nanoTime());
        while (!succeeds("SELECT 1")) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        System.out.println("BACK " + NanoClock.SYSTEM.nanoTime());
    }

    private boolean succeeds(String sql) {
        try (Connection connection = DriverManager.getConnection(url, properties)) {
            execute(connection, sql);
            return true;
        } catch (SQLException e) {
            String message = String.valueOf(e.getMessage());
            System.out.println("error: " + e.getSQLState() + " " + message.replace('\n', ' '));
            return false;
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
