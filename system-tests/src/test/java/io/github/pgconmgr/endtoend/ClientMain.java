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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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
                case "hammer" -> hammer(arguments.get(0), arguments.get(1), Integer.parseInt(arguments.get(2)));
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

    /**
     * Connects to a URL over and over, one connection after the other, until so many milliseconds after the first one that reaches
     * an address. The outcome: the addresses in their order, each with how often in a row; the SQLSTATE for an error.
     */
    private String hammer(String url, String address, int moreMillis) {
        List<String> seen = new ArrayList<>();
        List<Integer> times = new ArrayList<>();
        long end = Long.MAX_VALUE;
        while (end == Long.MAX_VALUE || NanoClock.SYSTEM.nanoTime() < end) {
            String outcome = reached(url);
            int last = seen.size() - 1;
            if (last >= 0 && seen.get(last).equals(outcome)) {
                times.set(last, times.get(last) + 1);
            } else {
                seen.add(outcome);
                times.add(1);
            }
            if (end == Long.MAX_VALUE && outcome.equals(address)) {
                end = NanoClock.SYSTEM.nanoTime() + TimeUnit.MILLISECONDS.toNanos(moreMillis);
            }
        }
        return IntStream.range(0, seen.size())
                .mapToObj(i -> seen.get(i) + "*" + times.get(i))
                .collect(Collectors.joining(" "));
    }

    private static String reached(String url) {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        try (Connection connection = DriverManager.getConnection(url, properties);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT host(inet_server_addr())")) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            return String.valueOf(e.getSQLState());
        }
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
