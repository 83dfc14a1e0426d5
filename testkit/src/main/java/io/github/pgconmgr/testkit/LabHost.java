package io.github.pgconmgr.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A host of a {@link NetnsLab}: its own network, processes, host name, machine id and boot id. Files and users are those of
 * this machine. Its {@code eth0} is {@code 10.79.0.N} and {@code fd79::N}; names of the other hosts resolve.
 *
 * <p>Confined to the test's thread.
 */
public final class LabHost implements Machine {

    // From inside, -1 is everybody but process 1 and the sender.
    private static final String FREEZE = """
            kill -STOP -1
            for try in {1..1000}; do
              moving=
              for status in /proc/[0-9]*/task/[0-9]*/status; do
                case $status in /proc/1/*|/proc/$$/*) continue;; esac
                state=X
                while read -r key value _; do
                  if [ $key = State: ]; then state=$value; break; fi
                done <$status || continue
                case $state in [TtZX]) ;; *) moving=$status;; esac
              done 2>/dev/null
              [ -n "$moving" ] || exit 0
            done
            echo "still moving: $moving" >&2
            exit 1
            """;

    private final String name;
    private final int number;
    private final Path folder;
    private final String machineId = newId().replace("-", "");
    private List<String> environment = List.of();
    private @Nullable Namespaces namespaces;

    LabHost(String name, int number, Path folder) {
        this.name = name;
        this.number = number;
        this.folder = folder;
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }

    /** Its name, which the other hosts can resolve. */
    public String name() {
        return name;
    }

    /** A folder for its files, removed with the lab; everybody may write to it, as to /tmp. */
    public Path folder() {
        return folder;
    }

    @Override
    public String address() {
        return "10.79.0." + number;
    }

    /** Its IPv6 address. */
    public String address6() {
        return "fd79::" + number;
    }

    /** Its Ethernet address; the same after a boot, else the others would go on sending to the old one for some seconds. */
    String linkAddress() {
        return "02:79:00:00:00:" + (number < 16 ? "0" : "") + Integer.toHexString(number);
    }

    @Override
    public String listenAddresses() {
        return "*";
    }

    @Override
    public int portOr(int preferred) {
        return preferred;
    }

    @Override
    public List<String> commandLine(Account account, List<String> argv) {
        List<String> all = new ArrayList<>(environment);
        all.addAll(argv);
        return running().commandLine(account.command(all));
    }

    /** Every program that is started from now on gets these variables ({@code NAME=value}), after the change of user. */
    public void environment(String... assignments) {
        environment = new ArrayList<>(List.of("env"));
        environment.addAll(List.of(assignments));
    }

    /** Runs a command as root to its end. */
    public Finished exec(String... argv) {
        return run(Account.OURSELVES, List.of(argv));
    }

    /** Starts a program that goes on running; its output goes to {@code LOGNAME.log} in this host's folder. */
    public Program start(Account account, String logName, List<String> argv) {
        return Program.start(this, account, folder.resolve(logName + ".log"), argv);
    }

    /**
     * Stops every process of the host, as a hung virtual machine: silent, but its kernel still acknowledges. Blocks until
     * every thread stands still.
     */
    public void freeze() {
        exec("bash", "-c", FREEZE).expectSuccess();
    }

    /** Lets a frozen host go on. */
    public void thaw() {
        exec("bash", "-c", "kill -CONT -1").expectSuccess();
        wakeEntrances();
    }

    /** nsenter stops itself when the program behind it is stopped, and then would never collect its end. */
    private void wakeEntrances() {
        String target = Long.toString(initPid());
        ProcessHandle.current()
                .descendants()
                .filter(process -> process.info()
                        .arguments()
                        .filter(arguments -> List.of(arguments).contains(target))
                        .isPresent())
                .forEach(nsenter -> Program.signal(nsenter, "CONT"));
    }

    /** Process 1 of the host as this machine numbers it. */
    public long initPid() {
        return running().pid();
    }

    Namespaces running() {
        if (namespaces == null) {
            throw new IllegalStateException("host " + name + " is switched off");
        }
        return namespaces;
    }

    /** Whether it has power. */
    public boolean isOn() {
        return namespaces != null;
    }

    /** Makes the namespaces; the network is the lab's business. */
    void switchOn(Path hostsFile) {
        Path bootId = write("boot-id", newId());
        namespaces = Namespaces.create("""
                ip link set lo up
                hostname %s
                mount --bind %s /etc/hosts
                mount --bind %s /proc/sys/kernel/random/boot_id
                [ ! -e /etc/machine-id ] || mount --bind %s /etc/machine-id
                """.replaceFirst("%s", name)
                .replaceFirst("%s", quoted(hostsFile))
                .replaceFirst("%s", quoted(bootId))
                .replaceFirst("%s", quoted(write("machine-id", machineId))));
    }

    void switchOff() {
        Namespaces old = running();
        wakeEntrances();
        namespaces = null;
        old.close();
    }

    private Path write(String file, String text) {
        try {
            return Files.writeString(folder.resolve(file), text + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + " of host " + name, e);
        }
    }

    private static String quoted(Path path) {
        return "'" + path.toString().replace("'", "'\\''") + "'";
    }
}
