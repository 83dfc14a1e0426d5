package io.github.pgconmgr.watchdogtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Proves;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever keeps the watchdog from starting: the log says what and what to do, and the instance serves and stops as ever. */
class BrokenStartTest {

    @RegisterExtension
    static final WatchdogLab LAB = new WatchdogLab("db1", "app1");

    /** An instance without us takes a fraction of it. */
    private static final long STOP_LIMIT_MILLIS = 3000;

    private PgInstance instance;

    @AfterEach
    void theInstanceServedAllTheTimeAndStopsAtOnce() {
        assertEquals("1", instance.sql("SELECT 1"));
        long before = Timed.now();
        instance.stop(PgInstance.StopMode.FAST);
        long millis = (Timed.now() - before) / 1_000_000;
        assertTrue(millis < STOP_LIMIT_MILLIS, "the stop took " + millis + " ms");
        for (String crash : List.of("terminating any other active server processes", "reinitializing", "signal 11")) {
            assertEquals(List.of(), instance.log().linesWith(crash));
        }
        assertTrue(instance.log()
                .linesWith("database system was not properly shut down")
                .isEmpty());
    }

    private void start(String name, Map<String, String> settings) {
        instance = LAB.primary("db1", name, settings);
    }

    private void awaitLine(String text) {
        Await.until(
                text, WatchdogLab.LIMIT, () -> !instance.log().linesWith(text).isEmpty());
    }

    private void awaitRestarts() {
        awaitLine("watchdog failed 3 times in a row, next attempt in 1 s");
        assertEquals(
                3,
                instance.log().linesWith("(PID ").stream()
                        .filter(line -> line.contains("\"watchdog\"") && line.contains("exited with exit code 1"))
                        .count());
    }

    @Test
    @Proves("S1")
    void aLibjvmThatIsNotThere() {
        start("nojvm", Map.of("watchdog.libjvm", "/nonexistent/libjvm.so"));
        awaitLine("could not read libjvm \"/nonexistent/libjvm.so\": No such file or directory");
        awaitLine("HINT:  Set watchdog.libjvm to the path of a libjvm.so");
        awaitRestarts();
    }

    @Test
    @Proves("S1")
    void aJvmThatDoesNotStart() {
        start("nostart", Map.of("watchdog.jvm_options", "-Xmx1k"));
        awaitLine("Java in the watchdog failed: ");
        awaitLine("HINT:  Check watchdog.libjvm and watchdog.jvm_options.");
        awaitLine("exited with exit code 1");
    }

    @Test
    @Proves("S1")
    void anOptionThatTheJvmDoesNotKnow() {
        start("unknown", Map.of("watchdog.jvm_options", "-XX:+NoSuchOptionOfAnyJvm"));
        awaitLine("Java in the watchdog failed: ");
        awaitLine("NoSuchOptionOfAnyJvm");
        awaitLine("HINT:  Check watchdog.libjvm and watchdog.jvm_options.");
    }

    @Test
    @Proves({"S1", "S2"})
    void aPortInUseIsLoggedOnceAndTakenWhenItIsFree() {
        RawPeersProcess squatter = LAB.rawPeers("db1");
        squatter.command("listen 27545");
        squatter.await("LISTENING", "27545");
        LAB.expectAlarm("could not listen on watchdog.port 27545: Address already in use; trying again every second");
        start("inuse", Map.of());
        awaitLine("could not listen on watchdog.port 27545");
        String worker = WatchdogLab.worker(instance, "watchdog");
        WatchdogLab.awaitTime(Timed.now() + 1_500_000_000L);
        assertEquals(1, instance.log().linesWith("could not listen").size());
        assertFalse(worker.isEmpty());
        squatter.kill();
        awaitLine("listening for heartbeats on port 27545");
        LAB.conmgr("app1", instance, 100, WatchdogLab.NEVER_MILLIS);
        assertEquals(worker, WatchdogLab.worker(instance, "watchdog"));
    }

    @Test
    @Proves("S5")
    void tooFewWorkerSlots() {
        start("noslots", Map.of("max_worker_processes", "1"));
        awaitLine("LOG:  too many background workers");
        awaitLine("HINT:  Consider increasing the configuration parameter \"max_worker_processes\".");
        assertEquals("", WatchdogLab.worker(instance, "watchdog"));
    }
}
