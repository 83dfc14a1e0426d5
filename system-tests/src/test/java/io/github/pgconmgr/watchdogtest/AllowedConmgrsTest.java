package io.github.pgconmgr.watchdogtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Proves;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Proves("S6")
class AllowedConmgrsTest {

    @RegisterExtension
    static final WatchdogLab LAB = new WatchdogLab("db1", "app1", "app2");

    private static PgInstance primary;

    @BeforeAll
    static void start() {
        String allowed = LAB.host("app1").address() + ", fd79::/64";
        primary = LAB.primary("db1", Map.of("watchdog.allowed_conmgrs", allowed));
    }

    private static ConmgrProcess start(String host) {
        return LAB.startConmgr(host, primary, 100, WatchdogLab.NEVER_MILLIS, host);
    }

    private static String refusal(String host) {
        return "address " + LAB.host(host).address() + " is not in watchdog.allowed_conmgrs";
    }

    @Test
    void onlyWhoIsOnTheListIsWelcomeAndTheOthersAreToldWhyAndLoggedOnce() {
        LAB.expectAlarm(refusal("app2"));
        start("app1").await("WELCOME");
        LAB.startConmgrTo(LAB.host("db1").address6(), "app2", primary).await("WELCOME");
        ConmgrProcess refused = start("app2");
        assertEquals("3 " + refusal("app2"), refused.await("REFUSED").details());
        refused.await("ENDED");
        for (int i = 0; i < 5; i++) {
            long before = Timed.now();
            refused.command("connect");
            refused.awaitAfter(before, "REFUSED");
        }
        assertEquals(1, primary.log().linesWith(refusal("app2")).size());
    }

    @Test
    void aReloadLetsOthersInAndWhoIsConnectedStays() {
        ConmgrProcess inside = start("app1");
        inside.await("WELCOME");
        LAB.expectAlarm(refusal("app1"));
        String former = primary.sql("SHOW watchdog.allowed_conmgrs");
        LAB.set(primary, "watchdog.allowed_conmgrs", LAB.host("app2").address() + "/32");
        start("app2").await("WELCOME");
        ConmgrProcess late = start("app1");
        assertEquals("3 " + refusal("app1"), late.await("REFUSED").details());
        inside.awaitAfter(Timed.now(), "BEAT", 3);
        assertEquals(List.of(), inside.all("ENDED"));
        LAB.set(primary, "watchdog.allowed_conmgrs", former);
    }

    @Test
    void anEmptyListLetsNobodyIn() {
        LAB.expectAlarm(refusal("app1"));
        String former = primary.sql("SHOW watchdog.allowed_conmgrs");
        LAB.set(primary, "watchdog.allowed_conmgrs", "");
        assertEquals("3 " + refusal("app1"), start("app1").await("REFUSED").details());
        LAB.set(primary, "watchdog.allowed_conmgrs", former);
    }

    @Test
    void aBadListIsRefusedWithTheElementAndAHint() {
        for (String[] bad : new String[][] {
            {"10.0.0.0/8, app1", "\"app1\"", "It is no numeric address.", "names are not looked up"},
            {"10.0.0.1/8", "\"10.0.0.1/8\"", "It has bits set to the right of its mask.", "by its first address"},
            {"10.0.0.0/33", "\"10.0.0.0/33\"", "invalid number of bits", "IPv4 blocks have /0 to /32"},
            {"10.0.0.1,,::1", "\"\"", "An element is missing or too long.", "single commas"},
        }) {
            Finished refused = primary.psql("postgres", "ALTER SYSTEM SET watchdog.allowed_conmgrs = '" + bad[0] + "'");
            assertNotEquals(0, refused.exit());
            for (int i = 1; i < bad.length; i++) {
                assertTrue(refused.err().contains(bad[i]), refused.err());
            }
        }
        Finished list = primary.psql("postgres", "ALTER SYSTEM SET watchdog.listen_addresses = '10.0.0.0/8'");
        assertTrue(list.err().contains("watchdog.allowed_conmgrs"), list.err());
    }
}
