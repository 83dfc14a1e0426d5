package io.github.pgconmgr.watchdogtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Proves;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DeadHostTest {

    @RegisterExtension
    static final WatchdogLab LAB = new WatchdogLab("db1", "db2", "app1", "app2");

    private static final int INTERVAL_MILLIS = WatchdogLab.INTERVAL_MILLIS;
    private static final int TIMEOUT_MILLIS = WatchdogLab.TIMEOUT_MILLIS;
    private static final long TIMEOUT_NANOS = TIMEOUT_MILLIS * 1_000_000L;

    /** What the loop, the terminator, the backend's end and our own look may take on a busy machine. */
    private static final long MARGIN_NANOS = 2_000_000_000L;

    private static PgInstance primary;
    private static PgInstance standby;

    @BeforeAll
    static void start() {
        Map<String, String> settings = Map.of("authentication_timeout", "2s");
        primary = LAB.primary("db1", settings);
        standby = LAB.standby("db2", primary, settings);
    }

    private static void assertEndedOneTimeoutAfter(long lastFrameNanos, long endNanos) {
        long silence = endNanos - lastFrameNanos;
        assertTrue(silence >= TIMEOUT_NANOS, "too early: " + silence / 1_000_000 + " ms");
        assertTrue(silence <= TIMEOUT_NANOS + MARGIN_NANOS, "too late: " + silence / 1_000_000 + " ms");
    }

    private static void assertJudged(Judgement judgement, String reason, int sessions) {
        assertEquals("ended", judgement.verb());
        assertEquals(reason, judgement.reason());
        assertEquals(sessions, judgement.sessions());
        if (!reason.equals("goodbye")) {
            assertTrue(judgement.silenceMillis() >= TIMEOUT_MILLIS, judgement.toString());
        }
    }

    @Test
    @Proves({"L1", "L6"})
    void aHostWithoutPowerLosesItsSessionsAndLocksWithinTheTimeoutAndNobodyElseDoes() {
        ConmgrProcess toPrimary = LAB.conmgr("app1", primary, INTERVAL_MILLIS, TIMEOUT_MILLIS);
        ConmgrProcess toStandby = LAB.conmgr("app1", standby, INTERVAL_MILLIS, TIMEOUT_MILLIS);
        ConmgrProcess alive = LAB.conmgr("app2", primary, INTERVAL_MILLIS, TIMEOUT_MILLIS);
        SqlSession holder = LAB.session("app1", primary).lock(1);
        SqlSession idle = LAB.session("app1", primary);
        SqlSession reader = LAB.session("app1", standby);
        List<SqlSession> others = List.of(
                LAB.session("app2", primary).lock(2),
                LAB.session("app2", standby),
                LAB.unixSession(primary),
                LAB.unixSession(standby));
        for (ConmgrProcess conmgr : List.of(toPrimary, toStandby, alive)) {
            conmgr.awaitArmed();
        }
        LAB.net().powerOff(LAB.host("app1"));
        long dead = Timed.now();
        for (SqlSession victim : List.of(holder, idle, reader)) {
            long end = victim.awaitEnd();
            assertTrue(end - dead <= TIMEOUT_NANOS + MARGIN_NANOS, (end - dead) / 1_000_000 + " ms");
        }
        assertFalse(holder.holds(1));
        assertJudged(Judgement.await(toPrimary), "timeout", 2);
        assertJudged(Judgement.await(toStandby), "timeout", 1);
        assertTrue(others.stream().allMatch(SqlSession::isOpen));
        assertTrue(others.get(0).holds(2));
        LAB.net().boot(LAB.host("app1"));
    }

    @Test
    @Proves("L6")
    void theLaterSweepsEndWhoWasStillAuthenticatingAndSpareWhoCameAfterTheJudgement() {
        ConmgrProcess conmgr = LAB.armedConmgr("app1", primary);
        RawPeersProcess raw = LAB.rawPeers("app1");
        raw.command("open half " + primary.address() + " " + primary.port());
        raw.await("OPENED", "half");
        conmgr.pause();
        assertJudged(Judgement.await(conmgr), "timeout", 0);
        long judged = Timed.now();
        raw.command("send half " + startupMessage("half"));
        SqlSession later = LAB.session("app1", primary).lock(3);
        raw.await("ENDED", "half");
        Await.until(
                "the line on the late session",
                WatchdogLab.LIMIT,
                () -> primary.log()
                                .linesWith("later sessions ended: 1 (conmgr " + conmgr.id())
                                .size()
                        == 1);
        WatchdogLab.awaitTime(judged + 2_500_000_000L);
        assertTrue(later.isOpen() && later.holds(3));
    }

    /** PostgreSQL's StartupMessage, protocol 3.0. */
    private static String startupMessage(String name) {
        byte[] body = ("user\0postgres\0database\0postgres\0application_name\0" + name + "\0\0")
                .getBytes(StandardCharsets.US_ASCII);
        return String.format(Locale.ROOT, "%08x00030000", body.length + 8)
                + HexFormat.of().formatHex(body);
    }

    @Test
    @Proves("L7")
    void aGoodbyeEndsSessionsAndReplicationAtOnce() {
        ConmgrProcess conmgr = LAB.armedConmgr("app1", primary);
        SqlSession session = LAB.session("app1", primary);
        LAB.walReceiver("app1", primary);
        conmgr.command("goodbye stop");
        session.awaitEnd();
        Await.until(
                "the walsender's end",
                WatchdogLab.LIMIT,
                () -> LAB.walsender("app1", primary).isEmpty());
        Judgement judgement = Judgement.await(conmgr);
        assertJudged(judgement, "goodbye", 2);
        assertTrue(judgement.silenceMillis() < TIMEOUT_MILLIS, judgement.toString());
    }

    @Test
    @Proves("L7")
    void aWalsenderIsSparedWhenSettingsSaySo() {
        primary.set("watchdog.terminate_walsenders", "off");
        reload();
        ConmgrProcess conmgr = LAB.armedConmgr("app1", primary);
        SqlSession session = LAB.session("app1", primary);
        String walsender = LAB.walReceiver("app1", primary);
        conmgr.command("goodbye stop");
        session.awaitEnd();
        assertJudged(Judgement.await(conmgr), "goodbye", 1);
        WatchdogLab.awaitTime(Timed.now() + 1_200_000_000L);
        assertEquals(walsender, LAB.walsender("app1", primary));
        primary.set("watchdog.terminate_walsenders", "on");
        reload();
    }

    private static void reload() {
        primary.reload();
        Await.until(
                "the reload",
                WatchdogLab.LIMIT,
                () -> primary.log()
                        .lines()
                        .get(primary.log().lines().size() - 1)
                        .contains("changed to"));
    }

    @Test
    @Proves("L7")
    void aClosedConmgrCostsItsSessionsOneTimeoutLater() {
        ConmgrProcess conmgr = LAB.armedConmgr("app1", primary);
        SqlSession session = LAB.session("app1", primary);
        long lastFrame = conmgr.pause();
        conmgr.command("close");
        assertEndedOneTimeoutAfter(lastFrame, session.awaitEnd());
        assertJudged(Judgement.await(conmgr), "closed", 1);
    }

    @Test
    @Proves("L7")
    void aResetConmgrCostsItsSessionsOneTimeoutLater() {
        ConmgrProcess conmgr = LAB.armedConmgr("app1", primary);
        SqlSession session = LAB.session("app1", primary);
        long lastFrame = conmgr.pause();
        conmgr.command("reset");
        assertEndedOneTimeoutAfter(lastFrame, session.awaitEnd());
        assertJudged(Judgement.await(conmgr), "closed", 1);
    }

    @Test
    @Proves("L7")
    void aConmgrThatReturnsWithinTheTimeoutOrASuccessorCostsNothing() {
        ConmgrProcess conmgr = LAB.armedConmgr("app1", primary);
        SqlSession session = LAB.session("app1", primary);
        conmgr.command("close");
        conmgr.command("connect");
        conmgr.awaitAfter(conmgr.await("WELCOME").nanos(), "WELCOME");
        long returned = Timed.now();
        conmgr.command("goodbye restart");
        conmgr.awaitAfter(returned, "ENDED");
        String former = conmgr.id();
        conmgr.succeed();
        conmgr.awaitAfter(returned, "WELCOME");
        WatchdogLab.awaitTime(Timed.now() + TIMEOUT_NANOS + 500_000_000L);
        assertTrue(session.isOpen());
        assertNull(Judgement.find(primary, former));
        assertNull(Judgement.find(primary, conmgr.id()));
        conmgr.command("goodbye stop");
        session.awaitEnd();
        assertJudged(Judgement.await(conmgr), "goodbye", 1);
    }

    @Test
    @Proves("L7")
    void aConmgrThatHasNotBeatenForOneTimeoutCostsNothing() {
        ConmgrProcess closing = LAB.conmgr("app1", primary, 100, WatchdogLab.NEVER_MILLIS);
        ConmgrProcess leaving = LAB.conmgr("app1", primary, 100, WatchdogLab.NEVER_MILLIS);
        SqlSession session = LAB.session("app1", primary);
        closing.command("close");
        leaving.command("goodbye stop");
        for (ConmgrProcess conmgr : List.of(closing, leaving)) {
            Await.until(
                    "it is gone",
                    WatchdogLab.LIMIT,
                    () -> conmgr.transitions("GONE").size() == 1);
        }
        WatchdogLab.awaitTime(Timed.now() + 300_000_000L);
        assertTrue(session.isOpen());
        assertNull(Judgement.find(primary, closing.id()));
        assertNull(Judgement.find(primary, leaving.id()));
    }

    @Test
    @Proves("L6")
    void aSessionThatCannotEndIsReported() {
        ConmgrProcess conmgr = LAB.armedConmgr("app1", primary);
        SqlSession session = LAB.session("app1", primary);
        String pid = session.pid();
        LAB.expectAlarm("sessions still there 5 s after SIGTERM: 1");
        LAB.host("db1").exec("kill", "-STOP", pid).expectSuccess();
        try {
            conmgr.command("goodbye stop");
            Await.until(
                    "the report",
                    WatchdogLab.LIMIT,
                    () -> primary.log().linesWith("sessions still there 5 s after SIGTERM: 1").stream()
                            .anyMatch(line -> line.contains(LAB.host("app1").address())));
            assertEquals(
                    1,
                    primary.log()
                            .linesWith("DETAIL:  Process IDs: " + pid + ".")
                            .size());
        } finally {
            LAB.host("db1").exec("kill", "-CONT", pid).expectSuccess();
        }
        session.awaitEnd();
    }
}
