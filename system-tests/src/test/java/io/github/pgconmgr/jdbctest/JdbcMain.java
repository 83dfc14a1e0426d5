package io.github.pgconmgr.jdbctest;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.pgconmgr.time.NanoClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A JDBC application that the test drives: each line of standard input is a command (number, verb, session, arguments; separated
 * by tabs) for a thread of its own; each line of standard output is how one ended: number, monotonic nanoseconds that it took,
 * {@code OK} or {@code ERROR}, text. An error's text is its SQLSTATE and the messages of all its causes.
 *
 * <p>Shared: the sessions are in a concurrent map. Runs until its input ends.
 */
public final class JdbcMain {

    /** One session; a command uses one statement of it. Immutable. */
    private record Session(Connection connection, Statement statement, HikariDataSource pool) {}

    private final Map<String, Session> sessions = new ConcurrentHashMap<>();

    private JdbcMain() {}

    /** No arguments. */
    public static void main(String[] arguments) throws IOException {
        JdbcMain application = new JdbcMain();
        ExecutorService threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "application");
            thread.setDaemon(true);
            return thread;
        });
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            List<String> words = Arrays.asList(line.split("\t", -1));
            threads.execute(() -> application.obey(words.get(0), words.get(1), words.subList(2, words.size())));
        }
    }

    private void obey(String number, String verb, List<String> arguments) {
        long start = NanoClock.SYSTEM.nanoTime();
        String outcome;
        try {
            outcome = "OK " + act(verb, arguments.get(0), arguments.subList(1, arguments.size()));
        } catch (SQLException e) {
            outcome = "ERROR " + e.getSQLState() + causes(e);
        } catch (RuntimeException | LinkageError e) {
            outcome = "ERROR -----" + causes(e);
        }
        say(number + " " + (NanoClock.SYSTEM.nanoTime() - start) + " " + outcome.replaceAll("\\s+", " "));
    }

    private String act(String verb, String name, List<String> arguments) throws SQLException {
        return switch (verb) {
            case "open" -> open(name, arguments);
            case "again" -> again(name);
            case "sql" -> sql(name, arguments.get(0));
            case "limited" -> {
                sessions.get(name).statement().setQueryTimeout(Integer.parseInt(arguments.get(1)));
                yield sql(name, arguments.get(0));
            }
            case "cancel" -> {
                sessions.get(name).statement().cancel();
                yield "";
            }
            case "close" -> close(name);
            default -> throw new IllegalArgumentException(verb);
        };
    }

    /** Arguments: how, URL, user, password. The outcome is the server's name. */
    private String open(String name, List<String> arguments) throws SQLException {
        String url = arguments.get(1);
        String user = arguments.get(2);
        String password = arguments.get(3);
        HikariDataSource pool = switch (arguments.get(0)) {
            case "manager" -> null;
            case "pool" -> new HikariDataSource(config(user, password, url, ""));
            case "pool-source" ->
                new HikariDataSource(config(user, password, url, "io.github.pgconmgr.jdbc.ConmgrDataSource"));
            default -> throw new IllegalArgumentException(arguments.get(0));
        };
        Connection connection =
                pool == null ? DriverManager.getConnection(url, account(user, password)) : pool.getConnection();
        return keep(name, connection, pool);
    }

    private static Properties account(String user, String password) {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        return properties;
    }

    private static HikariConfig config(String user, String password, String url, String sourceClass) {
        HikariConfig config = new HikariConfig();
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(1);
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(5000);
        if (sourceClass.isEmpty()) {
            config.setJdbcUrl(url);
        } else {
            config.setDataSourceClassName(sourceClass);
            config.addDataSourceProperty("url", url);
        }
        return config;
    }

    private String keep(String name, Connection connection, HikariDataSource pool) throws SQLException {
        sessions.put(name, new Session(connection, connection.createStatement(), pool));
        return sql(name, "SELECT current_setting('cluster_name')");
    }

    /** Gives the connection back to its pool and borrows one again. */
    private String again(String name) throws SQLException {
        Session session = sessions.get(name);
        session.connection().close();
        return keep(name, session.pool().getConnection(), session.pool());
    }

    /** The outcome is the first column of the first row. */
    private String sql(String name, String text) throws SQLException {
        Statement statement = sessions.get(name).statement();
        if (!statement.execute(text)) {
            return "";
        }
        try (ResultSet row = statement.getResultSet()) {
            return row.next() ? row.getString(1) : "";
        }
    }

    private String close(String name) throws SQLException {
        Session session = sessions.remove(name);
        session.connection().close();
        if (session.pool() != null) {
            session.pool().close();
        }
        return "";
    }

    private static String causes(Throwable e) {
        StringBuilder text = new StringBuilder();
        for (Throwable at = e; at != null; at = at.getCause()) {
            text.append(" | ").append(at.getMessage());
        }
        return text.toString();
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
