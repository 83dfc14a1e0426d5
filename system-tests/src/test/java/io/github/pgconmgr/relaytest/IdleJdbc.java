package io.github.pgconmgr.relaytest;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.postgresql.PGConnection;

/** A session that sets its own client_idle_limit and then waits for its end. Says key=value lines. Confined to the main thread. */
public final class IdleJdbc {

    private IdleJdbc() {}

    /** HOST PORT */
    public static void main(String[] arguments) throws SQLException {
        String url = "jdbc:postgresql://" + arguments[0] + ":" + arguments[1] + "/app?preferQueryMode=simple";
        try (Connection connection = DriverManager.getConnection(url, "app", "secret");
                Statement statement = connection.createStatement()) {
            System.out.println("before=" + shown(statement));
            statement.execute("PGPOOL SET client_idle_limit TO 300");
            statement.execute("PGPOOL RESET client_idle_limit");
            statement.execute("PGPOOL SET client_idle_limit = '1s'");
            System.out.println("set=" + shown(statement));
            System.out.println("wrong=" + stateOf(statement, "PGPOOL SET client_idle_limit = soon"));
            System.out.println("other=" + stateOf(statement, "PGPOOL SET max_pool = 5"));
            System.out.println("works=" + stateOf(statement, "SELECT 1"));
            System.out.println("lost=" + awaitEnd(connection));
        }
    }

    private static String shown(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("PGPOOL SHOW client_idle_limit")) {
            row.next();
            return row.getString(1);
        }
    }

    private static String stateOf(Statement statement, String sql) {
        try {
            statement.execute(sql);
            return "none";
        } catch (SQLException e) {
            return String.valueOf(e.getSQLState());
        }
    }

    private static String awaitEnd(Connection connection) {
        try {
            connection.unwrap(PGConnection.class).getNotifications((int)
                    Duration.ofSeconds(30).toMillis());
            return "not";
        } catch (SQLException e) {
            return String.valueOf(e.getSQLState());
        }
    }
}
