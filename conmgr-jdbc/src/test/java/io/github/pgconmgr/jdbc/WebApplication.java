package io.github.pgconmgr.jdbc;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.function.BiFunction;

/**
 * An application in a container that has its class loader to itself. Known to the test outside by the JDK's types alone: a
 * command and its argument go in, and what happened comes out.
 *
 * <p>Confined to the test's thread.
 */
public final class WebApplication implements BiFunction<String, String, String> {

    private static final int STATEMENT_SECONDS = 30;

    private Connection connection;

    /** Created by the container. */
    public WebApplication() throws ClassNotFoundException {
        Class.forName("io.github.pgconmgr.jdbc.ConmgrDriver");
        Class.forName("org.postgresql.Driver");
    }

    @Override
    public String apply(String command, String argument) {
        try {
            return switch (command) {
                case "open" -> open(argument);
                case "close" -> {
                    connection.close();
                    yield "closed";
                }
                case "undeploy" -> deregister();
                default -> throw new IllegalArgumentException(command);
            };
        } catch (SQLException e) {
            return e.getSQLState() + " " + e.getMessage();
        }
    }

    private String open(String url) throws SQLException {
        connection = DriverManager.getConnection(url, "amy", "secret");
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(STATEMENT_SECONDS);
            statement.execute("SELECT 1");
        }
        return connection.isClosed() ? "closed" : "open";
    }

    /** What a container does for an application that stops: of the drivers, those that its loader sees. */
    private static String deregister() throws SQLException {
        int ours = 0;
        for (Driver driver : Collections.list(DriverManager.getDrivers())) {
            if (driver.getClass().getClassLoader() == WebApplication.class.getClassLoader()) {
                DriverManager.deregisterDriver(driver);
                ours++;
            }
        }
        return ours + " deregistered";
    }
}
