package io.github.pgconmgr.containertest;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * An application on a host of its own: takes an order ten times a second, and connects again when that fails. Each line of standard
 * output is what became of an attempt: {@code ok ADDRESS} of the instance, or {@code error SQLSTATE}, and the number of the order.
 */
public final class ShopMain {

    private static final long PAUSE_NANOS = Duration.ofMillis(100).toNanos();

    private ShopMain() {}

    /** Arguments: URL, user, password. Runs until it is killed. */
    public static void main(String[] arguments) {
        int number = 0;
        while (true) {
            try (Connection connection = DriverManager.getConnection(arguments[0], arguments[1], arguments[2])) {
                while (true) {
                    System.out.println("ok " + order(connection, ++number) + " " + number);
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            } catch (SQLException e) {
                System.out.println("error " + e.getSQLState() + " " + number + " " + e.getMessage());
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private static String order(Connection connection, int number) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "INSERT INTO orders VALUES (" + number + ") RETURNING host(inet_server_addr())")) {
            row.next();
            return row.getString(1);
        }
    }
}
