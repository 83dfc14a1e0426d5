package io.github.pgconmgr.watchdogtest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Proves;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Proves("S2")
class ListenAddressesTest {

    @RegisterExtension
    static final WatchdogLab LAB = new WatchdogLab("db1", "app1");

    private static final String NO_SECRET = "watchdog.secret_file is not set";

    private PgInstance instance;

    private void start(String name, String addresses) {
        instance = LAB.primary("db1", name, Map.of("watchdog.listen_addresses", addresses));
    }

    @AfterEach
    void stop() {
        instance.stop(PgInstance.StopMode.FAST);
    }

    private void awaitLine(String text) {
        Await.until(
                text, WatchdogLab.LIMIT, () -> !instance.log().linesWith(text).isEmpty());
    }

    private void assertReachable(String address) {
        ConmgrProcess conmgr = LAB.startConmgrTo(address, "app1", instance);
        conmgr.await("WELCOME");
        conmgr.command("goodbye stop");
        conmgr.await("ENDED");
    }

    private void assertNotReachable(String address) {
        String reason = LAB.startConmgrTo(address, "app1", instance)
                .await("UNREACHABLE")
                .details();
        assertEquals("Connection refused", reason);
    }

    @Test
    void oneAddressIsServedAndNoOther() {
        String address6 = LAB.host("db1").address6();
        start("six", address6);
        awaitLine("listening for heartbeats on fd79:0:0:0:0:0:0:11 port 27545");
        assertReachable(address6);
        assertNotReachable(LAB.host("db1").address());
        assertEquals(1, instance.log().linesWith(NO_SECRET).size());
    }

    @Test
    void severalAddressesAndNamesAreServed() {
        start("list", "localhost, " + LAB.host("db1").address() + ", db1");
        awaitLine("listening for heartbeats on 127.0.0.1 port 27545");
        awaitLine("listening for heartbeats on " + LAB.host("db1").address() + " port 27545");
        assertReachable(LAB.host("db1").address());
        assertReachable(LAB.host("db1").address6());
    }

    @Test
    void allIpv6AddressesAreNotAllIpv4Ones() {
        start("all6", "::");
        awaitLine("listening for heartbeats");
        assertReachable(LAB.host("db1").address6());
        ConmgrProcess byIpv4 = LAB.startConmgrTo(LAB.host("db1").address(), "app1", instance);
        byIpv4.await("ENDED");
        assertEquals(List.of(), byIpv4.all("WELCOME"));
    }

    @Test
    void allIpv4AddressesAreNotIpv6Ones() {
        start("all4", "0.0.0.0");
        awaitLine("listening for heartbeats");
        assertReachable(LAB.host("db1").address());
        assertNotReachable(LAB.host("db1").address6());
    }

    @Test
    void localhostAloneNeedsNoSecret() {
        start("local", "localhost");
        awaitLine("listening for heartbeats on 127.0.0.1 port 27545");
        assertNotReachable(LAB.host("db1").address());
        assertEquals(List.of(), instance.log().linesWith(NO_SECRET));
    }

    @Test
    void anEmptyListListensNowhere() {
        start("none", "");
        awaitLine("watchdog.listen_addresses is empty");
        Await.until(
                "the worker",
                WatchdogLab.LIMIT,
                () -> !WatchdogLab.worker(instance, "watchdog").isEmpty());
        assertNotReachable(LAB.host("db1").address());
        assertEquals(List.of(), instance.log().linesWith("listening for heartbeats"));
        assertEquals(List.of(), instance.log().linesWith(NO_SECRET));
    }

    @Test
    void anAddressThatTheHostDoesNotHaveIsLoggedOnceAndTheOthersAreServed() {
        LAB.expectAlarm("could not listen on 10.79.0.99 watchdog.port 27545: Cannot assign requested address");
        start("absent", "10.79.0.99, " + LAB.host("db1").address());
        awaitLine("could not listen on 10.79.0.99");
        assertReachable(LAB.host("db1").address());
        LAB.host("db1")
                .exec("ip", "addr", "add", "10.79.0.99/24", "dev", "eth0")
                .expectSuccess();
        try {
            awaitLine("listening for heartbeats on 10.79.0.99 port 27545");
            assertEquals(1, instance.log().linesWith("could not listen").size());
            assertReachable("10.79.0.99");
        } finally {
            LAB.host("db1")
                    .exec("ip", "addr", "del", "10.79.0.99/24", "dev", "eth0")
                    .expectSuccess();
        }
    }

    @Test
    void aNameThatCannotBeLookedUpIsTriedAgain() {
        LAB.expectAlarm("could not look up \"nowhere.invalid\" in watchdog.listen_addresses");
        start("noname", "nowhere.invalid");
        Await.until(
                "a second attempt",
                WatchdogLab.LIMIT,
                () -> instance.log()
                                .linesWith("could not look up \"nowhere.invalid\"")
                                .size()
                        > 1);
        assertEquals("1", instance.sql("SELECT 1"));
    }
}
