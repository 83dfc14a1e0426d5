package io.github.pgconmgr.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A set of namespaces (network, processes, mounts, host name, IPC) with a shell as its process 1. They have no name: they live
 * as long as that shell, which reads from a pipe of this JVM. So they end with us, however we end, and take every process in
 * them along.
 *
 * <p>Confined to the test's thread.
 */
final class Namespaces implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Process unshare;
    private final ProcessHandle init;

    private Namespaces(Process unshare, ProcessHandle init) {
        this.unshare = unshare;
        this.init = init;
    }

    /** Makes them and runs the set-up (lines of shell) inside. */
    static Namespaces create(String setUp) {
        List<String> argv = new ArrayList<>(List.of("unshare", "--net", "--mount", "--uts", "--ipc", "--pid"));
        // bash, as process 1, also reaps what was orphaned; a zombie postmaster would keep its lock file alive.
        argv.addAll(List.of("--fork", "--kill-child", "--mount-proc", "bash", "-c"));
        argv.add("set -eu\ncd /\n" + setUp + "\necho ready\nread -r _ || true");
        try {
            Process unshare = Command.builder(argv).redirectErrorStream(true).start();
            StringBuilder said = new StringBuilder();
            BufferedReader reader = unshare.inputReader(StandardCharsets.UTF_8);
            for (String line = reader.readLine(); !"ready".equals(line); line = reader.readLine()) {
                if (line == null) {
                    throw new IllegalStateException("cannot make namespaces: " + said);
                }
                said.append(line).append('\n');
            }
            return new Namespaces(unshare, unshare.children().findFirst().orElseThrow());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run unshare (package util-linux)", e);
        }
    }

    /** Process 1, as this machine numbers it. */
    long pid() {
        return init.pid();
    }

    /** The command line that runs a command inside. */
    List<String> commandLine(List<String> argv) {
        List<String> all = new ArrayList<>(List.of("nsenter", "-t", Long.toString(pid())));
        // --root, --wd: in a chroot, entering a mount namespace would else lead out of it.
        all.addAll(List.of("--net", "--mount", "--uts", "--ipc", "--pid", "--root", "--wd", "--"));
        all.addAll(argv);
        return all;
    }

    /** Runs a command inside as root. */
    Finished run(List<String> argv) {
        return Command.run(LIMIT, commandLine(argv));
    }

    /** Ends all processes inside; when this returns none is left. */
    @Override
    public void close() {
        init.destroyForcibly();
        if (!Command.awaitEnd(unshare, LIMIT)) {
            throw new AssertionError("process 1 of the namespaces, " + pid() + ", does not end");
        }
    }
}
