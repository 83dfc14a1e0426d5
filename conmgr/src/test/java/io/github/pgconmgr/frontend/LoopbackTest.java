package io.github.pgconmgr.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.config.ConmgrConfig;
import io.github.pgconmgr.config.HeartbeatConfig;
import io.github.pgconmgr.config.InstanceConfig;
import io.github.pgconmgr.heartbeat.HeartbeatLoop;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.scripted.Await;
import io.github.pgconmgr.scripted.ConmgrSample;
import io.github.pgconmgr.scripted.RawDriver;
import io.github.pgconmgr.scripted.RecordingLog;
import io.github.pgconmgr.scripted.Samples;
import io.github.pgconmgr.scripted.ScriptedWatchdog;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.topology.InstanceView;
import io.github.pgconmgr.topology.Liveness;
import io.github.pgconmgr.topology.Topology;
import io.github.pgconmgr.wire.Id128;
import io.github.pgconmgr.wire.MalformedMessageException;
import io.github.pgconmgr.wire.heartbeat.Goodbye;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import io.github.pgconmgr.wire.heartbeat.StateChange;
import io.github.pgconmgr.wire.redirect.RedirectAnswer;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Both loops for real, on loopback sockets, with a scripted watchdog and plain-socket drivers. */
class LoopbackTest {

    private static final HeartbeatSettings SHARP = new HeartbeatSettings(100, 300);
    private static final HeartbeatSettings PATIENT = new HeartbeatSettings(100, 60_000);

    private final RecordingLog log = new RecordingLog();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final ScriptedWatchdog watchdog;
    private final ServerSocket postmaster;

    LoopbackTest() throws IOException {
        watchdog = opened(new ScriptedWatchdog(Samples.welcome(100, Samples.PRIMARY)));
        postmaster = opened(new ServerSocket(0, 10, InetAddress.getLoopbackAddress()));
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.add(resource);
        return resource;
    }

    @AfterEach
    void closeEverything() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    /** A conmgr without its process. */
    private final class Conmgr implements AutoCloseable {
        final Topology topology;
        final Frontend frontend;
        final HeartbeatLoop heartbeat;

        Conmgr(HeartbeatSettings settings, String host, String hostaddr) throws IOException {
            InstanceConfig instance = new InstanceConfig(0, host, hostaddr, postmaster.getLocalPort(), watchdog.port());
            long tenth = TimeUnit.MILLISECONDS.toNanos(100);
            HeartbeatConfig beat = new HeartbeatConfig(settings, tenth, TimeUnit.SECONDS.toNanos(10));
            ConmgrConfig config = new ConmgrSample()
                    .instances(List.of(instance))
                    .heartbeat(beat)
                    .build();
            topology = new Topology(config.instances(), log);
            frontend = new Frontend(
                    config, topology, (socket, received, onClosed) -> onClosed.run(), log, NanoClock.SYSTEM, () -> {});
            heartbeat = new HeartbeatLoop(config, topology, log, NanoClock.SYSTEM);
            frontend.start();
            heartbeat.start();
        }

        InstanceView view() {
            return topology.snapshot().instances().get(0);
        }

        void awaitLiveness(Liveness liveness) {
            Await.until("instance is " + liveness, () -> view().liveness() == liveness);
        }

        RawDriver driver() throws IOException {
            return opened(new RawDriver(frontend.port()));
        }

        @Override
        public void close() {
            frontend.stop();
            heartbeat.stop(Goodbye.Reason.STOP);
        }
    }

    private Conmgr aliveConmgr(HeartbeatSettings settings) throws IOException {
        Conmgr conmgr = opened(new Conmgr(settings, "localhost", "127.0.0.1"));
        conmgr.awaitLiveness(Liveness.ALIVE);
        return conmgr;
    }

    @Test
    @Proves({"L1", "L2", "T2", "T4"})
    void whenTheWatchdogGoesSilentTheDriverIsToldAndTheNextOneIsRefused() throws Exception {
        Conmgr conmgr = aliveConmgr(SHARP);
        RawDriver driver = conmgr.driver();
        assertEquals(
                new RedirectAnswer.Instance(0, postmaster.getLocalPort(), "localhost", "127.0.0.1", "primary"),
                driver.ask(TargetAttribute.READ_WRITE));
        watchdog.goSilent();
        RedirectAnswer.Down notice = assertInstanceOf(RedirectAnswer.Down.class, driver.answer());
        assertTrue(notice.reason().startsWith("no heartbeat for 0."), notice.reason());
        assertEquals(0, driver.rest().length, "closed behind the notice");
        RedirectAnswer refusal = conmgr.driver().ask(TargetAttribute.ANY);
        assertEquals(
                "08001", assertInstanceOf(RedirectAnswer.Refusal.class, refusal).sqlState());
    }

    @Test
    @Proves("T4")
    void aClosedLinkAndARefusedBackendPortAreToldLongBeforeTheTimeout() throws Exception {
        Conmgr conmgr = aliveConmgr(PATIENT);
        RawDriver driver = conmgr.driver();
        driver.ask(TargetAttribute.PRIMARY);
        postmaster.close();
        watchdog.close();
        assertEquals(new RedirectAnswer.Down(0, "backend_port refuses connections"), driver.answer());
    }

    @Test
    void aRestartedWatchdogIsInvisibleToSessions() throws Exception {
        Conmgr conmgr = aliveConmgr(PATIENT);
        RawDriver driver = conmgr.driver();
        driver.ask(TargetAttribute.PRIMARY);
        watchdog.hangUp();
        Await.until("second HELLO", () -> watchdog.hellos() == 2);
        conmgr.awaitLiveness(Liveness.ALIVE);
        assertEquals(1, conmgr.frontend.status().get().sessionsOf(0));
        assertEquals(0, log.count(Message.SESSIONS_TOLD));
    }

    @Test
    @Proves("T4")
    void aRestartedPostmasterIsToldToTheSessionsOfTheOldOneOnly() throws Exception {
        Conmgr conmgr = aliveConmgr(PATIENT);
        RawDriver old = conmgr.driver();
        old.ask(TargetAttribute.PRIMARY);
        watchdog.welcomeWith(Samples.welcome(200, Samples.PRIMARY));
        watchdog.hangUp();
        assertEquals(new RedirectAnswer.Down(0, "the instance was restarted"), old.answer());
        conmgr.awaitLiveness(Liveness.ALIVE);
        assertInstanceOf(RedirectAnswer.Instance.class, conmgr.driver().ask(TargetAttribute.PRIMARY));
        assertEquals(1, conmgr.frontend.status().get().sessionsOf(0));
    }

    @Test
    @Proves({"L3", "L4"})
    void manySessionsShareOneHeartbeatConnectionThatCarriesTheSettings() throws Exception {
        Conmgr conmgr = aliveConmgr(PATIENT);
        for (int i = 0; i < 30; i++) {
            conmgr.driver().ask(TargetAttribute.ANY);
        }
        Await.until("beats", () -> watchdog.beats() >= 3);
        FrontendStatus status = conmgr.frontend.status().get();
        assertEquals(30, status.sessionsOf(0));
        assertEquals(30, status.connections());
        assertEquals(1, watchdog.hellos());
        assertEquals(PATIENT, watchdog.firstHello().settings());
        assertNotEquals(Id128.NONE, watchdog.firstHello().conmgrId());
    }

    @Test
    @Proves("T5")
    void aPushedStateCountsForTheNextDriver() throws Exception {
        Conmgr conmgr = aliveConmgr(PATIENT);
        watchdog.send(new StateChange(Samples.STANDBY));
        Await.until("standby", () -> conmgr.view().attribute().equals("standby"));
        assertInstanceOf(RedirectAnswer.Refusal.class, conmgr.driver().ask(TargetAttribute.PRIMARY));
        assertInstanceOf(RedirectAnswer.Instance.class, conmgr.driver().ask(TargetAttribute.STANDBY));
    }

    @Test
    void aHostNameIsResolvedAndTheNumericAddressIsHandedOn() throws Exception {
        Conmgr conmgr = opened(new Conmgr(PATIENT, "localhost", ""));
        conmgr.awaitLiveness(Liveness.ALIVE);
        RedirectAnswer answer = conmgr.driver().ask(TargetAttribute.ANY);
        assertEquals(
                "127.0.0.1",
                assertInstanceOf(RedirectAnswer.Instance.class, answer).hostaddr());
    }

    @Test
    void aStopSaysGoodbyeToTheWatchdogAndNoticeToTheSessions() throws Exception {
        Conmgr conmgr = aliveConmgr(PATIENT);
        RawDriver driver = conmgr.driver();
        driver.ask(TargetAttribute.ANY);
        conmgr.close();
        assertEquals(new RedirectAnswer.Down(0, "conmgr is stopping"), driver.answer());
        Await.until("goodbye", () -> watchdog.heardGoodbye(Goodbye.Reason.STOP));
        assertThrows(IOException.class, conmgr::driver);
    }

    @Test
    void aSmartStopTakesNoNewClientsAndKeepsTheOld() throws Exception {
        Conmgr conmgr = aliveConmgr(PATIENT);
        RawDriver driver = conmgr.driver();
        driver.ask(TargetAttribute.ANY);
        int port = conmgr.frontend.port();
        conmgr.frontend.stopListening();
        assertThrows(IOException.class, () -> new RawDriver(port));
        assertEquals(1, conmgr.frontend.status().get().sessionsOf(0));
    }

    @Test
    void aDriverThatGoesIsNoLongerCounted() throws Exception {
        Conmgr conmgr = aliveConmgr(PATIENT);
        RawDriver driver = conmgr.driver();
        driver.ask(TargetAttribute.ANY);
        driver.close();
        Await.until("no session", () -> conmgr.frontend.status().join().connections() == 0);
        assertEquals(List.of(), conmgr.frontend.status().get().sessions());
    }

    @Test
    void aStockDriversSocketIsHandedOverAndCountsUntilItIsClosed() throws Exception {
        Conmgr conmgr = opened(new Conmgr(PATIENT, "localhost", "127.0.0.1"));
        RawDriver driver = conmgr.driver();
        driver.send(FirstBytesTest.message(50, 3 << 16, 'x'));
        assertEquals(0, driver.rest().length, "this relay closes at once");
        Await.until(
                "not counted any more", () -> conmgr.frontend.status().join().connections() == 0);
    }

    @Test
    void aPortInUseIsAnErrorThatNamesIt() throws IOException, MalformedMessageException {
        int taken = postmaster.getLocalPort();
        ConmgrConfig config = new ConmgrSample().port(taken).build();
        Topology topology = new Topology(config.instances(), log);
        Frontend frontend = new Frontend(
                config, topology, (socket, received, onClosed) -> onClosed.run(), log, NanoClock.SYSTEM, () -> {});
        ListenException error = assertThrows(ListenException.class, frontend::start);
        String message = String.valueOf(error.getMessage());
        assertTrue(message.startsWith("could not listen on 127.0.0.1:" + taken + ": "), message);
        assertFalse(message.contains("null"));
        frontend.stop();
    }
}
