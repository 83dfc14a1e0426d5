package io.github.pgconmgr.watchdogtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.wire.heartbeat.Beat;
import io.github.pgconmgr.wire.heartbeat.HeartbeatCodec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Three of five conmgrs fall silent at once: the watchdog suspects itself first (ADR 1, choice 3). */
@Proves({"L1", "L6"})
class MassSilenceTest {

    @RegisterExtension
    static final WatchdogLab LAB = new WatchdogLab("db1", "app1", "app2", "app3", "app4", "app5");

    private static final int INTERVAL_MILLIS = 800;
    private static final int TIMEOUT_MILLIS = 2000;

    private static PgInstance primary;

    private final List<ConmgrProcess> silent = new ArrayList<>();
    private final List<ConmgrProcess> others = new ArrayList<>();
    private final List<SqlSession> sessions = new ArrayList<>();

    @BeforeAll
    static void start() {
        primary = LAB.primary("db1", Map.of());
    }

    @BeforeEach
    void fiveConmgrsAndTheirSessions() {
        for (String host : List.of("app1", "app2", "app3", "app4", "app5")) {
            List<ConmgrProcess> half = silent.size() < 3 ? silent : others;
            half.add(LAB.startConmgr(host, primary, INTERVAL_MILLIS, TIMEOUT_MILLIS, host));
        }
        silent.forEach(ConmgrProcess::awaitArmed);
        others.forEach(ConmgrProcess::awaitArmed);
        for (String host : List.of("app1", "app2", "app3", "app4")) {
            sessions.add(LAB.session(host, primary));
        }
        LAB.expectAlarm("more than half of 5 conmgrs fell silent at once; 3 of them get one more interval");
        silent.forEach(conmgr -> conmgr.command("pause"));
        for (ConmgrProcess conmgr : silent) {
            Await.until(
                    "grace for " + conmgr.id(),
                    WatchdogLab.LIMIT,
                    () -> !conmgr.transitions("GRACE").isEmpty());
        }
    }

    @Test
    void theirSessionsEndOneIntervalLaterThanThoseOfOne() {
        for (ConmgrProcess conmgr : silent) {
            Judgement judgement = Judgement.await(conmgr);
            assertEquals("timeout", judgement.reason());
            assertEquals(1, judgement.sessions());
            assertTrue(judgement.silenceMillis() >= TIMEOUT_MILLIS + INTERVAL_MILLIS, judgement.toString());
        }
        sessions.subList(0, 3).forEach(SqlSession::awaitEnd);
        assertTrue(sessions.get(3).isOpen());
        for (ConmgrProcess conmgr : others) {
            assertEquals(List.of(), conmgr.transitions("GRACE"));
        }
    }

    @Test
    void whoIsHeardAgainInThatIntervalLosesNothing() {
        for (ConmgrProcess conmgr : silent) {
            conmgr.command("raw " + beat());
            conmgr.command("resume");
        }
        for (ConmgrProcess conmgr : silent) {
            Await.until(
                    "armed again",
                    WatchdogLab.LIMIT,
                    () -> conmgr.transitions("ARMED").size() == 2);
        }
        WatchdogLab.awaitTime(Timed.now() + TIMEOUT_MILLIS * 1_000_000L);
        assertTrue(sessions.stream().allMatch(SqlSession::isOpen));
        silent.forEach(conmgr -> assertNull(Judgement.find(primary, conmgr.id())));
    }

    /** One more, at once: its own next one may be an interval away. */
    private static String beat() {
        ByteBuffer bytes = HeartbeatCodec.encode(new Beat(1000, 0, 0, 0, 0));
        return HexFormat.of().formatHex(bytes.array(), bytes.arrayOffset(), bytes.arrayOffset() + bytes.limit());
    }
}
