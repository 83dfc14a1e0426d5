package io.github.pgconmgr.endtoend;

import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.JavaCommand;
import io.github.pgconmgr.testkit.LabHost;
import io.github.pgconmgr.testkit.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A running {@link ClientMain} on a host, as the user nobody. Confined to the test's thread. */
final class Client implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** How a command ended, and when on the monotonic clock that all processes share. Immutable. */
    record Outcome(long nanos, boolean ok, String text) {

        /** The text, if it went well. */
        String expectOk() {
            if (!ok) {
                throw new AssertionError("failed: " + text);
            }
            return text;
        }

        /** The error, if it failed with that SQLSTATE. */
        Outcome expectError(String sqlState) {
            if (ok || !text.startsWith(sqlState + " ")) {
                throw new AssertionError("expected SQLSTATE " + sqlState + " but got " + this);
            }
            return this;
        }

        /** The error of a connection that an instance's failure has ended (A2): the server's last word, or none. */
        Outcome expectCut() {
            if (ok || !text.matches("(57P01|57P02|08006) .*")) {
                throw new AssertionError("expected a cut connection but got " + this);
            }
            return this;
        }
    }

    /** A command whose outcome is still to come. Confined to the test's thread. */
    final class Running {
        private final String key;

        private Running(int number) {
            this.key = " " + number + " ";
        }

        /** Blocks until it has ended. */
        Outcome await() {
            return await(LIMIT);
        }

        /** Blocks until it has ended. */
        Outcome await(Duration limit) {
            return Await.value("the outcome of command" + key, limit, this::find);
        }

        boolean hasEnded() {
            return find() != null;
        }

        private Outcome find() {
            for (String line : program.output().linesWith(key)) {
                String[] words = line.split(" ", 4);
                if (words.length >= 3 && words[1].equals(key.strip()) && line.startsWith(words[0] + key)) {
                    String text = words.length > 3 ? words[3] : "";
                    return new Outcome(Long.parseLong(words[0]), words[2].equals("OK"), text);
                }
            }
            return null;
        }
    }

    private final Program program;
    private int last;

    private Client(Program program) {
        this.program = program;
    }

    static Client on(LabHost host) {
        Path target = BuildFolder.root().resolve("system-tests/target");
        List<Path> classPath = List.of(
                target.resolve("test-classes"),
                target.resolve("classes"),
                BuildFolder.installed("share/java/conmgr-jdbc.jar"),
                target.resolve("lib/*"));
        List<String> argv = JavaCommand.of(64, classPath, ClientMain.class.getName());
        return new Client(host.start(Account.NOBODY, "client", argv));
    }

    boolean isAlive() {
        return program.isAlive();
    }

    /** Starts a command. */
    Running start(String verb, String... arguments) {
        last++;
        program.writeLine(last + "\t" + verb + "\t" + String.join("\t", arguments));
        return new Running(last);
    }

    /** Opens a session, with properties as key=value; blocks. The text is the address of the server. */
    Outcome open(String name, String url, String... properties) {
        String[] arguments = new String[properties.length + 2];
        arguments[0] = name;
        arguments[1] = url;
        System.arraycopy(properties, 0, arguments, 2, properties.length);
        return start("open", arguments).await();
    }

    /** Runs a statement in a session; blocks. The text is the first row. */
    Outcome sql(String name, String text) {
        return start("sql", name, text).await();
    }

    /** Closes a session; blocks. */
    void leave(String name) {
        start("close", name).await().expectOk();
    }

    @Override
    public void close() {
        program.close();
    }
}
