package io.github.pgconmgr.relaytest;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** pgjdbc in its default mode on the virtual database. Says key=value lines. Confined to the main thread. */
public final class ConsoleJdbc {

    /** From the fifth use on pgjdbc asks for binary results. */
    private static final int USES = 8;

    private ConsoleJdbc() {}

    /** HOST PORT */
    public static void main(String[] arguments) throws SQLException {
        String url = "jdbc:postgresql://" + arguments[0] + ":" + arguments[1] + "/conmgr";
        try (Connection connection = DriverManager.getConnection(url, "app", "secret")) {
            System.out.println("valid=" + connection.isValid(5));
            System.out.println("pools=" + listed(connection, "pools"));
            System.out.println("decimals=" + decimals(connection));
            connection.setAutoCommit(false);
            System.out.println("intransaction=" + (listed(connection, "used_clients") >= 1));
            connection.commit();
            connection.setAutoCommit(true);
            System.out.println("error=" + stateOf(connection, "SELECT * FROM pg_class"));
            System.out.println("after=" + connection.isValid(5));
        }
    }

    /** A row of SHOW LISTS, asked for often enough to come in binary at last. */
    private static int listed(Connection connection, String name) throws SQLException {
        int items = -1;
        try (PreparedStatement statement = connection.prepareStatement("SHOW LISTS")) {
            for (int use = 0; use < USES; use++) {
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        items = rows.getString(1).equals(name) ? rows.getInt(2) : items;
                    }
                }
            }
        }
        return items;
    }

    /** How many figures of SHOW TOTALS are numbers. */
    private static int decimals(Connection connection) throws SQLException {
        int numbers = 0;
        try (PreparedStatement statement = connection.prepareStatement("SHOW TOTALS")) {
            for (int use = 0; use < USES; use++) {
                numbers = 0;
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        numbers += rows.getBigDecimal(2).signum() >= 0 ? 1 : 0;
                    }
                }
            }
        }
        return numbers;
    }

    private static String stateOf(Connection connection, String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            return "none";
        } catch (SQLException e) {
            return String.valueOf(e.getSQLState());
        }
    }
}
