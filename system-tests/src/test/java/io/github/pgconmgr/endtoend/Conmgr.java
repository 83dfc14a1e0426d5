package io.github.pgconmgr.endtoend;

import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.LabHost;
import io.github.pgconmgr.testkit.Program;
import io.github.pgconmgr.testkit.ServerLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A conmgr directory on a host, used through the installed programs as the user nobody. Its end is that of the host.
 *
 * <p>Confined to the test's thread.
 */
final class Conmgr {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final LabHost host;
    private final Path folder;

    /** A directory with that name on the host. */
    Conmgr(LabHost host, String name) {
        this.host = host;
        this.folder = host.folder().resolve(name);
    }

    Path folder() {
        return folder;
    }

    /** Makes the directory, if it is not there, and writes conmgr.conf. */
    void configure(String... lines) {
        try {
            if (!Files.exists(folder)) {
                Files.createDirectory(folder);
                Account.NOBODY.own(folder);
            }
            Files.writeString(folder.resolve("conmgr.conf"), String.join("\n", lines) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write conmgr.conf", e);
        }
    }

    /** Runs cm_ctl with that command, -D, and more. */
    Finished ctl(String command, String... more) {
        return ctl(Account.NOBODY, command, more);
    }

    /** The same as another user. */
    Finished ctl(Account account, String command, String... more) {
        return host.run(account, Duration.ofSeconds(90), ctlArguments(command, more));
    }

    /** Starts cm_ctl and does not wait for its end. */
    Program startCtl(String command, String... more) {
        return host.start(Account.NOBODY, "cm_ctl", ctlArguments(command, more));
    }

    private List<String> ctlArguments(String command, String... more) {
        List<String> argv = new ArrayList<>(List.of(program("cm_ctl"), command, "-D", folder.toString()));
        argv.addAll(List.of(more));
        return argv;
    }

    static String program(String name) {
        return BuildFolder.installed("bin").resolve(name).toString();
    }

    /** What cm_ctl status shows. */
    String status() {
        return ctl("status").expectSuccess().out();
    }

    /** The line of the instance in cm_ctl status. */
    String statusOf(int instance) {
        return ctl("status", "-i", "instance")
                .expectSuccess()
                .out()
                .lines()
                .filter(line -> line.strip().startsWith(instance + " "))
                .findFirst()
                .orElse("");
    }

    ServerLog log() {
        return new ServerLog(folder.resolve("conmgr.log"));
    }

    /** The process id as its host numbers it; 0 if there is no pid file. */
    long pid() {
        try {
            Path file = folder.resolve("conmgr.pid");
            return Files.exists(file) ? Long.parseLong(Files.readAllLines(file).get(0)) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read conmgr.pid", e);
        }
    }

    boolean isRunning() {
        return pid() != 0 && isProcess(pid());
    }

    boolean isProcess(long pid) {
        return host.exec("sh", "-c", "grep -qs ConmgrMain /proc/" + pid + "/cmdline")
                        .exit()
                == 0;
    }

    /** Sends a signal. */
    void signal(String name) {
        host.exec("kill", "-" + name, Long.toString(pid())).expectSuccess();
    }

    /** Ends the process as a crash does, and blocks until it is gone. */
    void kill() {
        long pid = pid();
        signal("KILL");
        Await.until("conmgr is gone", LIMIT, () -> !isProcess(pid));
    }
}
