package io.github.pgconmgr.watchdog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.watchdog.peer.PeerAddress;
import io.github.pgconmgr.wire.heartbeat.Beat;
import io.github.pgconmgr.wire.heartbeat.Goodbye;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.heartbeat.StateChange;
import io.github.pgconmgr.wire.heartbeat.Welcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The I/O thread and the ticks together, over loopback. */
class HeartbeatServerTest {

    private static final byte[] IPV6_LOOPBACK = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    @TempDir
    private Path directory;

    private TestConmgr connected(TestWatchdog watchdog, int id, int intervalMillis, int timeoutMillis)
            throws Exception {
        TestConmgr conmgr = new TestConmgr(watchdog.port());
        conmgr.send(TestConmgr.hello(id, intervalMillis, timeoutMillis));
        conmgr.await(Welcome.class);
        return conmgr;
    }

    private TestConmgr armed(TestWatchdog watchdog, int id, int intervalMillis, int timeoutMillis) throws Exception {
        TestConmgr conmgr = connected(watchdog, id, intervalMillis, timeoutMillis);
        Await.until("armed", () -> {
            conmgr.beat();
            return watchdog.tick().rows.stream().anyMatch(row -> row.armed());
        });
        return conmgr;
    }

    @Test
    @Proves({"L2", "S4"})
    void aConmgrIsWelcomedBeatenToAndShownInTheRows() throws Exception {
        try (TestWatchdog watchdog = TestWatchdog.listening(directory, ServerLimits.PRODUCT);
                TestConmgr conmgr = new TestConmgr(watchdog.port())) {
            Await.until("all said", () -> watchdog.tick().pipe.available() == 0);
            conmgr.send(TestConmgr.hello(1, 50, 1000));
            assertInstanceOf(Welcome.class, conmgr.read());
            assertEquals(1, assertInstanceOf(Beat.class, conmgr.read()).sequence());
            assertEquals(2, assertInstanceOf(Beat.class, conmgr.read()).sequence());
            Await.until("the wake-up", () -> watchdog.pipe.available() > 0);
            watchdog.tick();
            assertEquals("127.0.0.1", watchdog.rows.get(0).address().toString());
            assertTrue(watchdog.rows.get(0).connected());
        }
    }

    @Test
    @Proves("L1")
    void aSilentConmgrIsJudgedAndCIsWokenAtOnce() throws Exception {
        try (TestWatchdog watchdog = TestWatchdog.listening(directory, ServerLimits.PRODUCT);
                TestConmgr conmgr = armed(watchdog, 1, 100, 300)) {
            watchdog.tick();
            Await.until("the wake-up", () -> watchdog.pipe.available() > 0);
            Await.until("the judgement", () -> !watchdog.tick().judgements.isEmpty());
            assertEquals(1, watchdog.judgements.get(0).get(33), "reason timeout");
            conmgr.awaitEnd();
        }
    }

    @Test
    void inputThatArrivedAfterTheSelectIsReadBeforeSilenceIsJudged() throws Exception {
        try (TestWatchdog watchdog = TestWatchdog.listening(directory, ServerLimits.PRODUCT);
                TestConmgr conmgr = armed(watchdog, 1, 1000, 1500)) {
            watchdog.clock.onceAfterSelect(() -> {
                conmgr.sendUnchecked(new Beat(2, 0, 0, 0, 0));
                watchdog.clock.jump(TimeUnit.SECONDS.toNanos(60));
            });
            Await.until("the turn", () -> watchdog.clock.hasRun());
            watchdog.awaitLog("this process was stalled");
            conmgr.await(Beat.class);
            assertEquals(List.of(), watchdog.tick().judgements);
            assertTrue(watchdog.rows.get(0).connected());
        }
    }

    @Test
    void aLostConmgrsHelloThatArrivedAfterTheSelectIsReadBeforeItIsJudged() throws Exception {
        try (TestWatchdog watchdog = TestWatchdog.listening(directory, ServerLimits.PRODUCT);
                TestConmgr first = armed(watchdog, 1, 1000, 1500)) {
            first.hangUp();
            Await.until("lost", () -> !watchdog.tick().rows.get(0).connected());
            List<TestConmgr> second = Collections.synchronizedList(new ArrayList<>());
            watchdog.clock.onceAfterSelect(() -> {
                second.add(greeting(watchdog.port(), 1));
                watchdog.clock.jump(TimeUnit.SECONDS.toNanos(60));
            });
            Await.until("returned", () -> watchdog.tick().rows.stream().anyMatch(row -> row.connected()));
            second.get(0).await(Welcome.class);
            assertEquals(List.of(), watchdog.judgements);
            second.get(0).hangUp();
        }
    }

    @Test
    void aBurstOfConmgrsLargerThanTheWaitingLimitIsServedIfTheirHellosAreThere() throws Exception {
        ServerLimits one = new ServerLimits(TimeUnit.SECONDS.toNanos(60), 1, 4096, 1);
        try (TestWatchdog watchdog = TestWatchdog.listening(directory, one)) {
            List<TestConmgr> burst = Collections.synchronizedList(new ArrayList<>());
            watchdog.clock.onceAfterSelect(() -> {
                for (int id = 1; id <= 20; id++) {
                    burst.add(greeting(watchdog.port(), id));
                }
            });
            Await.until("all in one turn", () -> watchdog.tick().rows.size() == 20);
            for (TestConmgr conmgr : burst) {
                conmgr.await(Welcome.class);
                conmgr.hangUp();
            }
        }
    }

    private static TestConmgr greeting(int port, int id) {
        try {
            TestConmgr conmgr = new TestConmgr(port);
            conmgr.send(TestConmgr.hello(id, 1000, 1500));
            return conmgr;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @Proves("T5")
    void aChangeOfTheInstanceGoesOutAtOnce() throws Exception {
        InstanceState promoted = new InstanceState(true, false, false, 2, 5);
        try (TestWatchdog watchdog = TestWatchdog.listening(directory, ServerLimits.PRODUCT);
                TestConmgr conmgr = connected(watchdog, 1, 60_000, 120_000)) {
            watchdog.tick(promoted, false);
            assertEquals(promoted, conmgr.await(StateChange.class).state());
        }
    }

    @Test
    void anExitingTickSaysGoodbyeToAllAndThenThatItIsSent() throws Exception {
        try (TestWatchdog watchdog = TestWatchdog.listening(directory, ServerLimits.PRODUCT);
                TestConmgr first = connected(watchdog, 1, 60_000, 120_000);
                TestConmgr second = connected(watchdog, 2, 60_000, 120_000)) {
            assertFalse(watchdog.tick().goodbyesSent);
            Await.until("sent", () -> watchdog.tick(TestWatchdog.STATE, true).goodbyesSent);
            for (TestConmgr conmgr : List.of(first, second)) {
                assertEquals(
                        Goodbye.Reason.INSTANCE_STOPPING,
                        conmgr.await(Goodbye.class).reason());
            }
        }
    }

    @Test
    void aFailureOfTheLoopWakesCAndIsThrownByTheNextTick() throws Exception {
        try (TestWatchdog watchdog = TestWatchdog.listening(directory, ServerLimits.PRODUCT)) {
            Await.until("all said", () -> watchdog.tick().pipe.available() == 0);
            watchdog.clock.onceAfterSelect(() -> {
                throw new OutOfMemoryError("planted");
            });
            Await.until("the wake-up", () -> watchdog.pipe.available() > 0);
            assertInstanceOf(
                    OutOfMemoryError.class,
                    assertThrows(IllegalStateException.class, watchdog::tick).getCause());
        }
    }

    @Test
    void bothAddressFamiliesAreServedAndToldApart() throws Exception {
        InetAddress loopback = InetAddress.getByAddress(IPV6_LOOPBACK);
        assumeTrue(NetworkInterface.getByInetAddress(loopback) != null, "this host has no IPv6 loopback");
        try (TestWatchdog watchdog = TestWatchdog.listening(directory, ServerLimits.PRODUCT);
                TestConmgr six = new TestConmgr(loopback, watchdog.port());
                TestConmgr four = connected(watchdog, 4, 60_000, 120_000)) {
            six.send(TestConmgr.hello(6, 60_000, 120_000));
            six.await(Welcome.class);
            four.beat();
            Await.until("both", () -> watchdog.tick().rows.size() == 2);
            List<PeerAddress> addresses =
                    watchdog.rows.stream().map(row -> row.address()).toList();
            assertTrue(addresses.contains(PeerAddress.of(loopback)));
            assertTrue(addresses.contains(PeerAddress.of(InetAddress.getLoopbackAddress())));
        }
    }
}
