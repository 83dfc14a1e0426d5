package io.github.pgconmgr.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.time.NanoClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The switch in user space: what delay and loss do to a connection, and what it tells of gaps. */
class BadCablesTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(600);

    private NetnsLab lab;
    private LabHost app;
    private LabHost db;
    private Program server;
    private Program client;

    @BeforeEach
    void connect() {
        lab = NetnsLab.of("app1", "db1");
        app = lab.host("app1");
        db = lab.host("db1");
        // The port whose gaps are told.
        server = EchoMain.startServer(db, "27545");
        client = EchoMain.startClient(app, db, "27545");
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void aDelayIsPaidEachWay() {
        lab.disturb(db, 150, 0, 0);
        assertTrue(roundTripMillis("one") >= 300);
        lab.calm();
        assertTrue(roundTripMillis("two") < 300);
    }

    @Test
    void whatIsLostComesAgainUntilNothingComesAnyMore() {
        String long100k = "x".repeat(100_000);
        lab.disturb(db, 0, 0, 5);
        client.writeLine(long100k);
        server.awaitLine("heard " + long100k, LIMIT);
        lab.disturb(db, 0, 0, 100);
        client.writeLine("three");
        assertThrows(AssertionError.class, () -> server.awaitLine("heard three", SHORT));
        lab.calm();
        client.awaitLine("echo three", LIMIT);
    }

    @Test
    void aPauseOfTheSenderIsAGap() {
        lab.disturb(db, 0, 0, 0);
        roundTripMillis("one");
        long begin = now();
        Await.until(
                "a pause", LIMIT, () -> now() - begin > Duration.ofMillis(200).toNanos());
        roundTripMillis("two");
        lab.calm();
        List<SilentGap> gaps = lab.gaps().stream()
                .filter(gap -> gap.sender().equals(app.address()) && gap.endNanos() != Long.MAX_VALUE)
                .toList();
        assertEquals(1, gaps.size(), gaps.toString());
        assertEquals(db.address(), gaps.get(0).receiver());
        long millis = (gaps.get(0).endNanos() - gaps.get(0).beginNanos()) / 1_000_000;
        assertTrue(millis >= 200 && millis < 5000, millis + " ms");
    }

    @Test
    void aHostCannotBeSwitchedOnWhileCablesAreBad() {
        lab.powerOff(app);
        lab.disturb(db, 0, 0, 0);
        assertThrows(IllegalStateException.class, () -> lab.boot(app));
        lab.calm();
        lab.boot(app);
    }

    private long roundTripMillis(String word) {
        long begin = now();
        client.writeLine(word);
        client.awaitLine("echo " + word, LIMIT);
        return (now() - begin) / 1_000_000;
    }

    private static long now() {
        return NanoClock.SYSTEM.nanoTime();
    }
}
