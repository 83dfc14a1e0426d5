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

/**
 * Sessions that each wait for an answer in a thread of their own, until an error ends them. A line on standard input starts a
 * round; it ends when every session has its error.
 *
 * <pre>
 * SessionsLoad URL COUNT          READY | per session: GONE monotonic-nanos, or ODD when the SQLSTATE is not 08006; then ROUND
 * SessionsLoad URL COUNT abort    the same, but a second line makes one thread abort all connections: CUT monotonic-nanos
 * </pre>
 *
 * <p>Confined to the main thread; each session to its own.
 */
public final class SessionsLoad {

    /** One session. */
    private static final class Session extends Thread {

        private final Connection connection;
        private long goneNanos;
        private String sqlState = "";

        Session(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void run() {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT pg_sleep(3600)");
            } catch (SQLException e) {
                goneNanos = NanoClock.SYSTEM.nanoTime();
                sqlState = String.valueOf(e.getSQLState());
            }
        }

        void report() {
            System.out.println((sqlState.equals("08006") ? "GONE " : "ODD ") + goneNanos);
        }
    }

    private SessionsLoad() {}

    /** See the class. */
    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        boolean abort = arguments.length > 2;
        while (in.readLine() != null) {
            List<Session> sessions = begin(arguments[0], Integer.parseInt(arguments[1]));
            if (abort && in.readLine() != null) {
                System.out.println("CUT " + NanoClock.SYSTEM.nanoTime());
                for (Session session : sessions) {
                    session.connection.abort(Runnable::run);
                }
            }
            end(sessions);
        }
    }

    private static List<Session> begin(String url, int count) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Session session = new Session(DriverManager.getConnection(url, properties));
            session.start();
            sessions.add(session);
        }
        System.out.println("READY");
        return sessions;
    }

    private static void end(List<Session> sessions) throws SQLException, InterruptedException {
        for (Session session : sessions) {
            session.join();
        }
        sessions.forEach(Session::report);
        System.out.println("ROUND");
        for (Session session : sessions) {
            session.connection.close();
        }
    }
}
