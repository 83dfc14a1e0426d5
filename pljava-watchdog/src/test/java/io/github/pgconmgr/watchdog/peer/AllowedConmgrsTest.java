package io.github.pgconmgr.watchdog.peer;

import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.address;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class AllowedConmgrsTest {

    private static void assertBlock(String first, int bits, List<String> inside, List<String> outside) {
        AllowedConmgrs allowed = new AllowedConmgrs(List.of(new AddressBlock(address(first), bits)));
        inside.forEach(text -> assertTrue(allowed.contains(address(text)), text));
        outside.forEach(text -> assertFalse(allowed.contains(address(text)), text));
    }

    @Test
    void aBlockHoldsWhatSharesItsFirstBits() {
        assertBlock(
                "10.1.0.0", 16, List.of("10.1.0.0", "10.1.255.255"), List.of("10.2.0.0", "10.0.255.255", "fd00::1"));
        assertBlock("192.0.2.7", 32, List.of("192.0.2.7"), List.of("192.0.2.6", "192.0.2.8"));
        assertBlock("192.0.2.128", 31, List.of("192.0.2.128", "192.0.2.129"), List.of("192.0.2.130", "192.0.2.127"));
        assertBlock("2001:db8::", 33, List.of("2001:db8::1", "2001:db8:7fff::"), List.of("2001:db8:8000::"));
        assertBlock("2001:db8::", 64, List.of("2001:db8::ffff:1"), List.of("2001:db8:0:1::"));
        assertBlock("2001:db8::", 65, List.of("2001:db8:0:0:7fff::"), List.of("2001:db8:0:0:8000::"));
        assertBlock("2001:db8::9", 128, List.of("2001:db8::9"), List.of("2001:db8::8"));
    }

    @Test
    void noBitsHoldEverybodyOfTheFamily() {
        assertBlock("0.0.0.0", 0, List.of("0.0.0.0", "255.255.255.255", "::ffff:10.0.0.1"), List.of("::1"));
        assertBlock("::", 0, List.of("::1", "ffff::"), List.of("10.0.0.1"));
    }

    @Test
    void anEmptyListHoldsNobody() {
        assertFalse(new AllowedConmgrs(List.of()).contains(address("127.0.0.1")));
    }
}
