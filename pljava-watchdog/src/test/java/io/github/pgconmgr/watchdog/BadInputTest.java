package io.github.pgconmgr.watchdog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.wire.heartbeat.Beat;
import io.github.pgconmgr.wire.heartbeat.Welcome;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Strangers and broken peers on the heartbeat port: each costs its own connection and nobody else's. */
@Proves("L8")
class BadInputTest {

    private static final byte[] HELLO = TestConmgr.bytes(TestConmgr.hello(9, 1000, 3000));

    @TempDir
    private Path directory;

    private void assertStillServed(TestWatchdog watchdog) throws Exception {
        try (TestConmgr good = new TestConmgr(watchdog.port())) {
            good.send(TestConmgr.hello(1, 1000, 3000));
            good.await(Welcome.class);
        }
    }

    @Test
    void garbageEndsTheConnectionAndANeighbourBeatsOn() throws Exception {
        Random random = new Random(7);
        try (TestWatchdog watchdog = TestWatchdog.listening(directory, ServerLimits.PRODUCT);
                TestConmgr neighbour = new TestConmgr(watchdog.port())) {
            neighbour.send(TestConmgr.hello(1, 20, 60_000));
            neighbour.await(Welcome.class);
            byte[] noise = new byte[3000];
            for (int i = 0; i < 200; i++) {
                random.nextBytes(noise);
                try (TestConmgr bad = new TestConmgr(watchdog.port())) {
                    bad.send((byte) 0, (byte) 0);
                    bad.send(noise);
                } catch (IOException closedWhileSending) {
                    assertFalse(closedWhileSending.getMessage().isEmpty());
                }
            }
            long before = neighbour.await(Beat.class).sequence();
            while (neighbour.await(Beat.class).sequence() < before + 3) {
                watchdog.tick();
            }
            watchdog.awaitLog("malformed frame: frame length 0");
            assertTrue(watchdog.logged("heartbeat connection from") <= 10, "the rest is counted");
        }
    }

    @Test
    void wordsOfOtherProtocolsEndTheConnection() throws Exception {
        try (TestWatchdog watchdog = TestWatchdog.listening(directory, ServerLimits.PRODUCT)) {
            for (String words : List.of("GET / HTTP/1.1\r\n\r\n", "\26\3\1\2\0\1\0\1", "\0\0\0\10\4\322\26/")) {
                try (TestConmgr bad = new TestConmgr(watchdog.port())) {
                    bad.send(words.getBytes(StandardCharsets.ISO_8859_1));
                    bad.awaitEnd();
                }
            }
            assertStillServed(watchdog);
        }
    }

    @Test
    void anOversizedFrameEndsTheConnectionBeforeItsBytesHaveCome() throws Exception {
        try (TestWatchdog watchdog = TestWatchdog.listening(directory, ServerLimits.PRODUCT);
                TestConmgr bad = new TestConmgr(watchdog.port())) {
            bad.send((byte) 4, (byte) 1);
            bad.awaitEnd();
            watchdog.awaitLog("frame length 1025");
            assertStillServed(watchdog);
        }
    }

    @Test
    void aTruncatedHelloIsNoHello() throws Exception {
        try (TestWatchdog watchdog = TestWatchdog.listening(directory, ServerLimits.PRODUCT)) {
            for (int length = 0; length < HELLO.length; length++) {
                try (TestConmgr bad = new TestConmgr(watchdog.port())) {
                    bad.send(Arrays.copyOf(HELLO, length));
                    bad.closeSending();
                    assertEquals(null, bad.read());
                }
            }
            assertEquals(List.of(), watchdog.tick().rows);
            assertStillServed(watchdog);
        }
    }

    @Test
    void aHelloThatComesByteByByteIsTakenIfItIsInTimeAndClosedIfNot() throws Exception {
        ServerLimits limits = new ServerLimits(TimeUnit.SECONDS.toNanos(1), 64, 4096, 1);
        try (TestWatchdog watchdog = TestWatchdog.listening(directory, limits);
                TestConmgr quick = new TestConmgr(watchdog.port());
                TestConmgr slow = new TestConmgr(watchdog.port())) {
            for (byte one : HELLO) {
                quick.send(one);
            }
            quick.await(Welcome.class);
            sendSlowly(slow);
            watchdog.awaitLog("no HELLO in time");
            assertEquals(1, watchdog.logged("no HELLO in time"));
        }
    }

    /** The whole would take four times the limit. */
    private static void sendSlowly(TestConmgr slow) throws Exception {
        try {
            for (byte one : HELLO) {
                slow.send(one);
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(4) / HELLO.length);
            }
        } catch (IOException closedWhileSending) {
            return;
        }
        throw new AssertionError("the whole HELLO was taken");
    }

    @Test
    void aByteNowAndThenKeepsNobodyAlive() throws Exception {
        try (TestWatchdog watchdog = TestWatchdog.listening(directory, ServerLimits.PRODUCT);
                TestConmgr slow = new TestConmgr(watchdog.port())) {
            slow.send(TestConmgr.hello(1, 100, 300));
            Await.until("armed", () -> {
                slow.beat();
                return watchdog.tick().rows.stream().anyMatch(row -> row.armed());
            });
            byte[] beat = TestConmgr.bytes(new Beat(1, 0, 0, 0, 0));
            int sent = 0;
            while (watchdog.tick().judgements.isEmpty() && sent < beat.length - 1) {
                try {
                    slow.send(beat[sent++]);
                } catch (IOException closedWhileSending) {
                    break;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(25));
            }
            Await.until("the judgement", () -> watchdog.tick().judgements.size() == 1);
        }
    }

    @Test
    void strangersWhoWaitTooLongPushOutEachOtherAndNeverAConmgrThatComes() throws Exception {
        ServerLimits limits = new ServerLimits(TimeUnit.SECONDS.toNanos(60), 3, 4096, 1);
        try (TestWatchdog watchdog = TestWatchdog.listening(directory, limits);
                TestConmgr greeted = new TestConmgr(watchdog.port())) {
            greeted.send(TestConmgr.hello(1, 1000, 3000));
            greeted.await(Welcome.class);
            try (TestConmgr longest = new TestConmgr(watchdog.port());
                    TestConmgr second = new TestConmgr(watchdog.port());
                    TestConmgr third = new TestConmgr(watchdog.port());
                    TestConmgr comes = new TestConmgr(watchdog.port())) {
                comes.send(TestConmgr.hello(2, 1000, 3000));
                comes.await(Welcome.class);
                longest.awaitEnd();
                watchdog.awaitLog("3 connections wait for their HELLO; closed the one that waited longest");
                second.send(TestConmgr.hello(3, 1000, 3000));
                third.send(TestConmgr.hello(4, 1000, 3000));
                second.await(Welcome.class);
                third.await(Welcome.class);
            }
            assertStillServed(watchdog);
        }
    }

    @Test
    void theProductsLimitsAreThoseOfTheProtocol() {
        assertEquals(new ServerLimits(10_000_000_000L, 64, 4096, 1_000_000_000L), ServerLimits.PRODUCT);
    }

    @Test
    void aPortInUseIsLoggedOnceAndTriedAgainUntilItIsFree() throws Exception {
        ServerSocket taken = new ServerSocket();
        taken.bind(new InetSocketAddress(0));
        try (TestWatchdog watchdog = new TestWatchdog(directory, taken.getLocalPort(), TestWatchdog.QUICK, List.of())) {
            watchdog.awaitLog("3 could not listen on watchdog.port " + taken.getLocalPort());
            LockSupport.parkNanos(5 * TestWatchdog.QUICK.bindRetryNanos());
            assertEquals(1, watchdog.tick().logged("could not listen"));
            assertTrue(!watchdog.listening);
            taken.close();
            Await.until("listening", () -> watchdog.tick().listening);
            assertEquals(1, watchdog.logged("listening for heartbeats"));
            assertStillServed(watchdog);
        } finally {
            taken.close();
        }
    }
}
