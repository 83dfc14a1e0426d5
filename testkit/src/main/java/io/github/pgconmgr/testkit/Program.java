package io.github.pgconmgr.testkit;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A program that a test started on a machine and that goes on running; its output goes to a file. {@link #close} kills it by
 * its process id.
 *
 * <p>Confined to the test's thread.
 */
public final class Program implements AutoCloseable {

    private static final Duration FORK_LIMIT = Duration.ofSeconds(10);
    private static final int SHOWN_LINES = 20;

    private final Process process;
    private final ProcessHandle target;
    private final ServerLog output;
    private final BufferedWriter input;

    private Program(Process process, ProcessHandle target, Path log) {
        this.process = process;
        this.target = target;
        this.output = new ServerLog(log);
        this.input = new BufferedWriter(process.outputWriter(StandardCharsets.UTF_8));
    }

    /** Starts it; standard output and standard error both go to the log file, which is made anew. */
    public static Program start(Machine machine, Account account, Path log, List<String> argv) {
        return start(machine, account, log, Redirect.to(log.toFile()), argv);
    }

    /** As {@link #start}, but what the log file holds already stays. */
    static Program startAppending(Machine machine, Account account, Path log, List<String> argv) {
        return start(machine, account, log, Redirect.appendTo(log.toFile()), argv);
    }

    private static Program start(Machine machine, Account account, Path log, Redirect output, List<String> argv) {
        try {
            Process process = Command.builder(machine.commandLine(account, argv))
                    .redirectErrorStream(true)
                    .redirectOutput(output)
                    .start();
            return new Program(process, machine == Machine.LOCAL ? process.toHandle() : childOf(process), log);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + String.join(" ", argv), e);
        }
    }

    /** The program behind nsenter, which waits for it outside the process namespace. */
    private static ProcessHandle childOf(Process nsenter) {
        return Await.value(
                "the program behind nsenter",
                FORK_LIMIT,
                () -> nsenter.isAlive() ? nsenter.children().findFirst().orElse(null) : nsenter.toHandle());
    }

    /** Its process id as seen by this machine, also when it runs in a process namespace. */
    public long pid() {
        return target.pid();
    }

    /** What it wrote so far. */
    public ServerLog output() {
        return output;
    }

    /** Blocks until a line of its output contains the text, and returns that line. */
    public String awaitLine(String text, Duration limit) {
        return awaitOutput("a line with \"" + text + '"', limit, () -> {
            List<String> lines = output.linesWith(text);
            return lines.isEmpty() ? null : lines.get(0);
        });
    }

    /** As {@link Await#value}, on its output; the error shows how that ends, as the file goes with the test. */
    public <T> T awaitOutput(String what, Duration limit, Callable<@Nullable T> source) {
        try {
            return Await.value(what + " in " + output.file(), limit, source);
        } catch (AssertionError e) {
            List<String> lines = output.lines();
            String end = String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
            throw new AssertionError(e.getMessage() + "; it ends with\n" + end, e);
        }
    }

    /** Writes a line to its standard input. */
    public void writeLine(String line) {
        try {
            input.write(line);
            input.newLine();
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the program does not read its input", e);
        }
    }

    /** Whether it runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Sends a signal, such as {@code STOP}. */
    public void signal(String name) {
        signal(target, name);
    }

    /** Sends a signal; a process that has ended meanwhile is no error. */
    static void signal(ProcessHandle process, String name) {
        Machine.LOCAL.run(Account.OURSELVES, List.of("sh", "-c", "kill -" + name + " " + process.pid()));
    }

    /** Blocks until it ends and returns its exit status (128 + signal number after a signal). */
    public int awaitExit(Duration limit) {
        if (!Command.awaitEnd(process, limit)) {
            throw new AssertionError("process " + pid() + " did not end within " + limit.toMillis() + " ms");
        }
        return process.exitValue();
    }

    /** Ends it with SIGKILL, if it still runs, and waits for its end. */
    public void kill() {
        target.destroyForcibly();
        awaitExit(FORK_LIMIT);
    }

    @Override
    public void close() {
        kill();
    }
}
