package io.github.pgconmgr.watchdogtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Proves;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What belongs to an address: two conmgrs behind one, a host that was booted, and IPv6. The other verdicts are in the watchdog's own tests. */
class AddressTest {

    @RegisterExtension
    static final WatchdogLab LAB = new WatchdogLab("db1", "app1");

    private static PgInstance primary;

    @BeforeAll
    static void start() {
        primary = LAB.primary("db1", Map.of());
        primary.sql("CREATE EXTENSION watchdog");
    }

    private static ConmgrProcess start(String machineId) {
        return LAB.startConmgr("app1", primary, WatchdogLab.INTERVAL_MILLIS, WatchdogLab.TIMEOUT_MILLIS, machineId);
    }

    private static void awaitDeath(ConmgrProcess conmgr) {
        Await.until(
                "its death", WatchdogLab.LIMIT, () -> conmgr.transitions("DEAD").size() == 1);
    }

    @Test
    @Proves("L6")
    void aHostThatIsAliveByItsSecondConmgrLosesNothing() {
        ConmgrProcess leaving = start("one");
        start("one").awaitArmed();
        leaving.awaitArmed();
        SqlSession session = LAB.session("app1", primary);
        leaving.command("goodbye stop");
        awaitDeath(leaving);
        WatchdogLab.awaitTime(Timed.now() + 300_000_000L);
        assertTrue(session.isOpen());
        assertNull(Judgement.find(primary, leaving.id()));
    }

    private static void setRule(String rule) {
        primary.set("watchdog.shared_address", rule);
        primary.reload();
        Await.until(
                "the reload",
                WatchdogLab.LIMIT,
                () -> primary.sql("SHOW watchdog.shared_address").equals(rule));
    }

    @Test
    @Proves("L6")
    void anotherMachineBehindTheAddressSparesItOrNotAsSettingsSay() {
        ConmgrProcess alive = start("one");
        ConmgrProcess spared = start("two");
        ConmgrProcess ended = start("three");
        for (ConmgrProcess conmgr : List.of(alive, spared, ended)) {
            conmgr.awaitArmed();
        }
        SqlSession session = LAB.session("app1", primary);
        LAB.expectAlarm("conmgr " + spared.id());
        spared.command("goodbye stop");
        awaitDeath(spared);
        assertTrue(session.isOpen());
        assertNull(Judgement.find(primary, spared.id()));
        setRule("end");
        LAB.expectAlarm("conmgr " + ended.id());
        ended.command("goodbye stop");
        session.awaitEnd();
        assertEquals(1, Judgement.await(ended).sessions());
        setRule("spare");
    }

    @Test
    @Proves("L6")
    void aHostThatIsBackWithANewBootBeforeTheOldOneWasMissedLosesTheSessionsFromBefore() {
        ConmgrProcess former = LAB.startConmgr("app1", primary, 200, 4000, "one@1");
        SqlSession before = LAB.session("app1", primary).lock(1);
        // By then TCP has nothing left to send to the session, so its end is not seen by a reset.
        former.awaitArmed();
        LAB.net().powerOff(LAB.host("app1"));
        LAB.net().boot(LAB.host("app1"));
        ConmgrProcess back = LAB.startConmgr("app1", primary, 200, 4000, "one@2");
        back.await("WELCOME");
        SqlSession after = LAB.session("app1", primary).lock(2);
        assertTrue(before.isOpen(), "nobody has missed it yet");
        before.awaitEnd();
        assertFalse(before.holds(1));
        assertEquals(1, Judgement.await(former).sessions());
        assertEquals(
                1,
                primary.log()
                        .linesWith("is the same machine, booted since: older sessions end")
                        .size());
        WatchdogLab.awaitTime(Timed.now() + 1_500_000_000L);
        assertTrue(after.isOpen() && after.holds(2));
    }

    @Test
    @Proves({"L6", "S4"})
    void aHostThatSpeaksIpv6LosesTheSessionsOfThatAddress() {
        String target = LAB.host("db1").address6();
        ConmgrProcess conmgr = LAB.startConmgrTo(target, "app1", primary).awaitArmed();
        SqlSession session = LAB.sessionTo(target, "app1", primary);
        SqlSession byIpv4 = LAB.session("app1", primary);
        assertEquals(
                LAB.host("app1").address6() + "|" + conmgr.await("CONNECTED").first() + "|1|1",
                primary.sql("SELECT conmgr_addr, conmgr_port, heartbeat_interval, heartbeat_timeout "
                        + "FROM pgx_stat_watchdog"));
        conmgr.command("goodbye stop");
        session.awaitEnd();
        assertEquals(LAB.host("app1").address6(), Judgement.await(conmgr).address());
        assertTrue(byIpv4.isOpen());
    }

    @Test
    @Proves("L6")
    void anIpv4MappedAddressIsTheIpv4Address() {
        String target = "::ffff:" + primary.address();
        ConmgrProcess conmgr = LAB.startConmgrTo(target, "app1", primary).awaitArmed();
        SqlSession mapped = LAB.sessionTo(target, "app1", primary);
        SqlSession plain = LAB.session("app1", primary);
        SqlSession byIpv6 = LAB.sessionTo(LAB.host("db1").address6(), "app1", primary);
        assertEquals(
                LAB.host("app1").address() + "|2", primary.sql("SELECT conmgr_addr, sessions FROM pgx_stat_watchdog"));
        conmgr.command("goodbye stop");
        mapped.awaitEnd();
        plain.awaitEnd();
        assertEquals(2, Judgement.await(conmgr).sessions());
        assertTrue(byIpv6.isOpen());
    }
}
