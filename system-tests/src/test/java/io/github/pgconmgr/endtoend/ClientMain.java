package io.github.pgconmgr.endtoend;

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
import java.util.stream.Collectors;

/**
 * Applications on a host of the lab, driven by the test: any number of JDBC sessions and raw connections in one process. A line
 * of standard input is a command (number, verb, arguments; separated by tabs) that runs on a thread of its own; a line of
 * standard output is its outcome: monotonic nanoseconds, number, {@code OK} or {@code ERROR}, text.
 *
 * <p>Shared: the sessions by name are in a concurrent map, one command at a time uses one. Runs until its input ends.
 */
public final class ClientMain {

    private final Map<String, Connection> sessions = new ConcurrentHashMap<>();

    private ClientMain() {}

    /** No arguments. */
    public static void main(String[] arguments) throws IOException {
        ClientMain client = new ClientMain();
        ExecutorService threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        });
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            List<String> words = Arrays.asList(line.split("\t", -1));
            threads.execute(() -> client.obey(words.get(0), words.get(1), words.subList(2, words.size())));
        }
    }

    private void obey(String number, String verb, List<String> arguments) {
        try {
            String outcome = switch (verb) {
                case "open" -> open(arguments);
                case "sql" -> sql(arguments.get(0), arguments.get(1));
                case "close" -> close(arguments.get(0));
                case "abandon" -> abandon();
                case "raw" -> RawConnections.talk(Integer.parseInt(arguments.get(0)), arguments.get(1));
                case "ask" -> RawConnections.ask(Integer.parseInt(arguments.get(0)), arguments.get(1));
                case "named" -> RawConnections.named(Integer.parseInt(arguments.get(0)), arguments.get(1));
                case "idle" -> RawConnections.openIdle(Integer.parseInt(arguments.get(0)));
                default -> throw new IllegalArgumentException(verb);
            };
            say(number, "OK " + outcome);
        } catch (SQLException e) {
            say(number, "ERROR " + e.getSQLState() + " " + e.getMessage());
        } catch (IOException | RuntimeException e) {
            say(number, "ERROR ----- " + e);
        }
    }

    private static synchronized void say(String number, String text) {
        System.out.println(
                NanoClock.SYSTEM.nanoTime() + " " + number + " " + text.strip().replaceAll("\\s+", " "));
        System.out.flush();
    }

    /** Arguments: name, URL, properties as key=value. The outcome is the server's address. */
    private String open(List<String> arguments) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        for (String property : arguments.subList(2, arguments.size())) {
            String[] parts = property.split("=", 2);
            properties.setProperty(parts[0], parts[1]);
        }
        Connection connection = DriverManager.getConnection(arguments.get(1), properties);
        Connection before = sessions.put(arguments.get(0), connection);
        if (before != null) {
            before.abort(Runnable::run);
        }
        return sql(arguments.get(0), "SELECT host(inet_server_addr())");
    }

    /** The outcome is the first row. */
    private String sql(String name, String text) throws SQLException {
        try (Statement statement = session(name).createStatement()) {
            if (!statement.execute(text)) {
                return "";
            }
            try (ResultSet row = statement.getResultSet()) {
                return row.next() ? columns(row) : "";
            }
        }
    }

    private static String columns(ResultSet row) throws SQLException {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            text.append(i == 1 ? "" : "|").append(row.getString(i));
        }
        return text.toString();
    }

    private String close(String name) throws SQLException {
        session(name).close();
        sessions.remove(name);
        return "";
    }

    /** Ends all sessions, whatever they do. */
    private String abandon() throws SQLException {
        for (String name : List.copyOf(sessions.keySet())) {
            session(name).abort(Runnable::run);
            sessions.remove(name);
        }
        return "";
    }

    private Connection session(String name) {
        Connection connection = sessions.get(name);
        if (connection == null) {
            throw new IllegalArgumentException("no session " + name + " among "
                    + sessions.keySet().stream().collect(Collectors.joining(" ")));
        }
        return connection;
    }
}
