package io.github.pgconmgr.jdbctest;

import com.zaxxer.hikari.HikariConfig;
import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.JavaCommand;
import io.github.pgconmgr.testkit.LabHost;
import io.github.pgconmgr.testkit.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;

/** A running {@link JdbcMain} on a host, as the user nobody, with the driver's jar as it is installed. Confined to the test's thread. */
final class JdbcApplication implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(15);

    /** How a command ended, and how long it took. Immutable. */
    record Outcome(long millis, boolean ok, String text) {

        /** The text, if it went well. */
        String expectOk() {
            if (!ok) {
                throw new AssertionError("failed: " + text);
            }
            return text;
        }

        /** An error with that SQLSTATE and these words somewhere among its causes. */
        Outcome expectError(String sqlState, String... words) {
            boolean fits = !ok && text.startsWith(sqlState + " ");
            for (String word : words) {
                fits &= text.contains(word);
            }
            if (!fits) {
                throw new AssertionError(
                        "expected SQLSTATE " + sqlState + " with " + List.of(words) + " but got " + this);
            }
            return this;
        }

        /** An error with one of these SQLSTATEs. */
        void expectErrorOf(String... sqlStates) {
            if (ok || Stream.of(sqlStates).noneMatch(state -> text.startsWith(state + " "))) {
                throw new AssertionError("expected one of " + List.of(sqlStates) + " but got " + this);
            }
        }

        /** It took that long, in seconds; the upper end leaves room for a busy machine. */
        void expectSeconds(int atLeast, int atMost) {
            if (millis < atLeast * 1000L - 100 || millis > atMost * 1000L) {
                throw new AssertionError("expected between " + atLeast + " and " + atMost + " seconds but got " + this);
            }
        }
    }

    /** A command whose outcome is still to come. Confined to the test's thread. */
    final class Running {
        private final String key;

        private Running(int number) {
            this.key = number + " ";
        }

        /** Blocks until it has ended. */
        Outcome await() {
            return Await.value("the outcome of command " + key, LIMIT, this::find);
        }

        private Outcome find() {
            for (String line : program.output().lines()) {
                if (line.startsWith(key)) {
                    String[] words = line.split(" ", 4);
                    return new Outcome(Long.parseLong(words[1]) / 1_000_000, words[2].equals("OK"), words[3]);
                }
            }
            return null;
        }
    }

    private final Program program;
    private int last;

    private JdbcApplication(Program program) {
        this.program = program;
    }

    static JdbcApplication on(LabHost host) throws ClassNotFoundException, IOException {
        List<Path> classPath = List.of(
                home(JdbcMain.class),
                BuildFolder.installed("share/java/conmgr-jdbc.jar"),
                copy(Class.forName("org.postgresql.Driver"), host),
                copy(HikariConfig.class, host),
                copy(Logger.class, host));
        List<String> argv = JavaCommand.of(64, classPath, JdbcMain.class.getName());
        return new JdbcApplication(host.start(Account.NOBODY, "jdbc-application", argv));
    }

    private static Path home(Class<?> type) {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    }

    /** The library where the user nobody can read it, unlike in Maven's repository. */
    private static Path copy(Class<?> type, LabHost host) throws IOException {
        Path library = home(type);
        return Files.copy(library, host.folder().resolve(library.getFileName()));
    }

    /** Starts a command. */
    Running start(String verb, String session, String... arguments) {
        last++;
        program.writeLine(String.join("\t", Integer.toString(last), verb, session, String.join("\t", arguments)));
        return new Running(last);
    }

    /** Opens a session as the superuser; blocks. The text is the instance's name. */
    Outcome open(String session, Way way, String hosts, String parameters) {
        return start("open", session, way.how(), way.url(hosts, parameters), "postgres", "")
                .await();
    }

    /** Opens a session as the user who needs TLS and a password; blocks. */
    Outcome openAsAmy(String session, Way way, String hosts, String parameters, String password) {
        return start("open", session, way.how(), way.url(hosts, parameters), "amy", password)
                .await();
    }

    /** Runs a statement; blocks. The text is the first value. */
    Outcome sql(String session, String text) {
        return start("sql", session, text).await();
    }

    /** Ends a session; blocks. */
    void leave(String session) {
        start("close", session).await().expectOk();
    }

    @Override
    public void close() {
        program.close();
    }
}
