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
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * An application that has lost its primary and tries again until it can write. A line on standard input starts a round.
 *
 * <pre>
 * ReconnectLoad URL NAME    TRYING (the first attempt has failed), then WRITTEN monotonic-nanos
 * </pre>
 *
 * <p>Confined to the main thread.
 */
public final class ReconnectLoad {

    /** Between two attempts. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private ReconnectLoad() {}

    /** See the class. */
    public static void main(String[] arguments) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (in.readLine() != null) {
            boolean failed = false;
            while (!writes(arguments[0], arguments[1], properties)) {
                if (!failed) {
                    System.out.println("TRYING");
                    failed = true;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            System.out.println("WRITTEN " + NanoClock.SYSTEM.nanoTime());
        }
    }

    private static boolean writes(String url, String name, Properties properties) {
        try (Connection connection = DriverManager.getConnection(url, properties);
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO written VALUES ('" + name + "', 1)");
            return true;
        } catch (SQLException e) {
            return false;
        }
    }
}
