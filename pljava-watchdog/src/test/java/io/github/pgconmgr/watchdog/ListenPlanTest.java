package io.github.pgconmgr.watchdog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.watchdog.tick.ListenAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ListenPlanTest {

    private static InetAddress inet(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static List<ListenPlan.Socket> plan(String... wanted) {
        return ListenPlan.of(Stream.of(wanted)
                .map(text -> text.equals("*") ? ListenAddress.ALL : new ListenAddress(inet(text)))
                .toList());
    }

    private static List<InetAddress> addresses(List<ListenPlan.Socket> plan) {
        return plan.stream()
                .map(socket -> Objects.requireNonNull(socket.address()))
                .toList();
    }

    @Test
    void nothingIsNoSocket() {
        assertEquals(List.of(), plan());
    }

    @Test
    void allAddressesAreOneSocketWhateverElseIsListed() {
        List<ListenPlan.Socket> all = List.of(new ListenPlan.Socket(null, null));
        assertEquals(all, plan("*"));
        assertEquals(all, plan("10.0.0.1", "*"));
        assertEquals(all, plan("0.0.0.0", "::"));
    }

    @Test
    void singleAddressesAreASocketEachAndOnceOnly() {
        List<ListenPlan.Socket> plan = plan("10.0.0.1", "::1", "10.0.0.1");
        assertEquals(List.of(inet("10.0.0.1"), inet("::1")), addresses(plan));
        assertTrue(plan.stream().allMatch(socket -> socket.ipv4() == null));
    }

    @Test
    void allIpv4AddressesLeaveRoomForIpv6OnesOnly() {
        assertEquals(List.of(inet("0.0.0.0"), inet("::1")), addresses(plan("10.0.0.1", "0.0.0.0", "::1")));
    }

    @Test
    void allIpv6AddressesServeTheListedIpv4OnesAndNoOthers() {
        List<ListenPlan.Socket> plan = plan("10.0.0.1", "::1", "::");
        assertEquals(List.of(inet("::")), addresses(plan));
        assertTrue(plan.get(0).serves(inet("10.0.0.1")));
        assertTrue(plan.get(0).serves(inet("2001:db8::1")));
        assertFalse(plan.get(0).serves(inet("10.0.0.2")));
        assertFalse(plan("::").get(0).serves(inet("127.0.0.1")));
    }
}
