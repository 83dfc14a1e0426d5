package io.github.pgconmgr.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.config.ConmgrConfig;
import io.github.pgconmgr.config.InstanceConfig;
import io.github.pgconmgr.heartbeat.HeartbeatLoop;
import io.github.pgconmgr.scripted.Await;
import io.github.pgconmgr.scripted.ConmgrSample;
import io.github.pgconmgr.scripted.RawDriver;
import io.github.pgconmgr.scripted.RecordingLog;
import io.github.pgconmgr.scripted.Samples;
import io.github.pgconmgr.scripted.ScriptedWatchdog;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.topology.Liveness;
import io.github.pgconmgr.topology.Topology;
import io.github.pgconmgr.wire.heartbeat.Goodbye;
import io.github.pgconmgr.wire.redirect.RedirectAnswer;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Hundreds of drivers on a primary (instance 0) and three standbys (1 to 3), over loopback sockets. */
class LoadBalanceTest {

    private static final int STANDBYS = 3;
    private static final int DRIVERS = 300;

    private final RecordingLog log = new RecordingLog();
    private final List<ScriptedWatchdog> watchdogs = new ArrayList<>();
    private final List<List<RawDriver>> driversOf = new ArrayList<>();
    private Topology topology;
    private Frontend frontend;
    private HeartbeatLoop heartbeat;

    @BeforeEach
    void start() throws IOException {
        List<InstanceConfig> instances = new ArrayList<>();
        for (int number = 0; number <= STANDBYS; number++) {
            ScriptedWatchdog watchdog =
                    new ScriptedWatchdog(Samples.welcome(100, number == 0 ? Samples.PRIMARY : Samples.STANDBY));
            watchdogs.add(watchdog);
            driversOf.add(new ArrayList<>());
            instances.add(new InstanceConfig(number, "localhost", "127.0.0.1", 27500 + number, watchdog.port()));
        }
        ConmgrConfig config = new ConmgrSample()
                .instances(instances)
                .heartbeat(Samples.heartbeat(100, 60_000))
                .build();
        topology = new Topology(instances, log);
        frontend = new Frontend(
                config, topology, (socket, received, onClosed) -> onClosed.run(), log, NanoClock.SYSTEM, () -> {});
        heartbeat = new HeartbeatLoop(config, topology, log, NanoClock.SYSTEM);
        frontend.start();
        heartbeat.start();
        Await.until(
                "all are alive",
                () -> topology.snapshot().instances().stream().allMatch(view -> view.liveness() == Liveness.ALIVE));
    }

    @AfterEach
    void stop() throws IOException {
        for (List<RawDriver> drivers : driversOf) {
            closeAll(drivers);
        }
        frontend.stop();
        heartbeat.stop(Goodbye.Reason.STOP);
        for (ScriptedWatchdog watchdog : watchdogs) {
            watchdog.close();
        }
    }

    @Test
    @Proves("T7")
    void threeHundredSessionsSpreadOverThreeStandbysWithinOne() throws Exception {
        for (int i = 1; i <= DRIVERS; i++) {
            connect(TargetAttribute.STANDBY);
            assertTrue(most() - fewest() <= 1, () -> "after one more: " + driversOf);
        }
        assertEquals(DRIVERS / STANDBYS, fewest());
        assertEquals(0, driversOf.get(0).size());
    }

    @Test
    @Proves("T7")
    void whereSessionsHaveEndedTheNextOnesGoUntilAllAreEvenAgain() throws Exception {
        for (int i = 0; i < 3 * 30; i++) {
            connect(TargetAttribute.STANDBY);
        }
        closeAll(driversOf.get(2));
        Await.until("conmgr has seen them go", () -> frontend.status().join().sessionsOf(2) == 0);
        for (int i = 0; i < 30; i++) {
            assertEquals(2, connect(TargetAttribute.PREFER_STANDBY));
        }
        assertEquals(30, most());
        assertEquals(0, connect(TargetAttribute.ANY), "the primary counts too where it fits");
    }

    private int connect(TargetAttribute target) throws Exception {
        RawDriver driver = new RawDriver(frontend.port());
        int number = assertInstanceOf(RedirectAnswer.Instance.class, driver.ask(target))
                .instanceNumber();
        driversOf.get(number).add(driver);
        return number;
    }

    private int most() {
        return standbys().stream().mapToInt(List::size).max().orElseThrow();
    }

    private int fewest() {
        return standbys().stream().mapToInt(List::size).min().orElseThrow();
    }

    private List<List<RawDriver>> standbys() {
        return driversOf.subList(1, driversOf.size());
    }

    private static void closeAll(List<RawDriver> drivers) throws IOException {
        for (RawDriver driver : drivers) {
            driver.close();
        }
        drivers.clear();
    }
}
