package io.github.pgconmgr.javafailures;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.FreePort;
import io.github.pgconmgr.testkit.Machine;
import io.github.pgconmgr.testkit.PgCluster;
import io.github.pgconmgr.testkit.PgInstall;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An instance whose Java fails when told, a conmgr that is armed, and a session that the conmgr's death would cost.
 *
 * <p>Confined to the test's thread. {@link #close} ends everything.
 */
final class FailingInstance implements AutoCloseable {

    /** Longer than anything but a stuck Java takes on a busy machine. */
    static final Duration LIMIT = Duration.ofSeconds(30);

    /** The conmgr's. */
    static final int TIMEOUT_MILLIS = 1500;

    private static final String CONMGR_ID = "c0117000000000000000000000000001";
    private static final String SESSION = "precious";

    private final PgCluster cluster;
    private final PgInstance instance;
    private final int watchdogPort = FreePort.next();
    private final List<Program> programs = new ArrayList<>();
    private final Path folder = BuildFolder.scratch("jf");

    /** A running primary under the host of this run. */
    FailingInstance(PgInstall install) {
        this.cluster = new PgCluster(install);
        this.instance = cluster.primary(
                "p",
                Machine.LOCAL,
                Map.of(
                        "shared_preload_libraries",
                        "watchdog",
                        "watchdog.check_attr_interval",
                        "50ms",
                        // PL/Java's JVM knows only the modules that PL/Java asks for.
                        "watchdog.jvm_options",
                        "-Xss512k -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --add-modules=jdk.unsupported",
                        "watchdog.port",
                        Integer.toString(watchdogPort)));
    }

    PgInstance instance() {
        return instance;
    }

    /** The conmgr, from now on armed, and the session. */
    Program connectAll() {
        awaitLine("listening for heartbeats");
        String root = BuildFolder.root().toString();
        Program conmgr = start(
                "conmgr",
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-UsePerfData",
                        "-Xmx32m",
                        "-cp",
                        root + "/system-tests/target/test-classes:" + root + "/wire/target/classes",
                        "io.github.pgconmgr.watchdogtest.ScriptedConmgr",
                        instance.address(),
                        Integer.toString(watchdogPort),
                        "100",
                        Integer.toString(TIMEOUT_MILLIS),
                        CONMGR_ID,
                        "machine",
                        "boot"));
        String target = "host=" + instance.address() + " port=" + instance.port() + " user=postgres dbname=postgres"
                + " application_name=" + SESSION;
        start("psql", List.of(PgInstall.current().program("psql"), "-XAtq", "-d", target));
        Await.until("the session", LIMIT, () -> !sessionPid().isEmpty());
        Await.until(
                "armed",
                LIMIT,
                () -> instance.log().linesWith(CONMGR_ID).stream().anyMatch(line -> line.contains(" -> ARMED: ")));
        return conmgr;
    }

    private Program start(String name, List<String> argv) {
        Program program = Program.start(Machine.LOCAL, Account.OURSELVES, folder.resolve(name + ".log"), argv);
        programs.add(program);
        return program;
    }

    /** The process id of the session; empty when it is gone. */
    String sessionPid() {
        return pid("application_name = '" + SESSION + "'");
    }

    /** The process id of that server process; empty when there is none. */
    String processPid(String type) {
        return pid("backend_type = '" + type + "'");
    }

    private String pid(String condition) {
        return instance.sql("SELECT pid FROM pg_stat_activity WHERE " + condition);
    }

    /** Blocks until the server's log has a line with that text. */
    void awaitLine(String text) {
        Await.until(text, LIMIT, () -> !instance.log().linesWith(text).isEmpty());
    }

    /** The instance was never restarted, and nothing in its log is worse than a FATAL. */
    void assertNoCrash() {
        // Newer Javas complain of the way in which the test makes a real SIGSEGV.
        assertEquals(
                List.of(), instance.log().unexpected("sun.misc.Unsafe", "consider reporting this to the maintainers"));
        assertEquals(List.of(), instance.log().linesWith("terminating any other active server processes"));
        assertEquals(List.of(), instance.log().linesWith("all server processes terminated; reinitializing"));
    }

    @Override
    public void close() {
        programs.forEach(Program::close);
        cluster.close();
        BuildFolder.delete(folder);
    }
}
