package io.github.pgconmgr.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs commands to their end. Their output goes through files, so no reader thread is needed. Immutable: no state. */
public final class Command {

    private Command() {}

    /**
     * Runs a command and waits for its end; blocks up to the limit.
     *
     * @throws AssertionError when the limit passes; the command is killed then
     */
    public static Finished run(Duration limit, List<String> argv) {
        try {
            Path folder = Files.createDirectories(BuildFolder.build("run"));
            Path out = Files.createTempFile(folder, "command", ".out");
            Path err = Files.createTempFile(folder, "command", ".err");
            try {
                return run(limit, argv, out, err);
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + String.join(" ", argv), e);
        }
    }

    private static Finished run(Duration limit, List<String> argv, Path out, Path err) throws IOException {
        Process process = builder(argv)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        boolean ended = awaitEnd(process, limit);
        if (!ended) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new AssertionError("no end within " + limit.toMillis() + " ms: " + String.join(" ", argv) + "\n"
                    + read(out) + read(err));
        }
        return new Finished(argv, process.exitValue(), read(out), read(err));
    }

    /** A builder whose child does not get PostgreSQL's client variables and speaks English. */
    static ProcessBuilder builder(List<String> argv) {
        ProcessBuilder builder = new ProcessBuilder(argv);
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C.UTF-8");
        return builder;
    }

    static boolean awaitEnd(Process process, Duration limit) {
        try {
            return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
