package io.github.pgconmgr.watchdog.peer;

import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.TEN_TWENTY;
import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.address;
import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.host;
import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.id;
import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.row;
import static io.github.pgconmgr.watchdog.peer.PeerTableFixture.seconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.wire.heartbeat.Goodbye;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import io.github.pgconmgr.wire.heartbeat.HostIdentity;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who else lives at a dead conmgr's address (ADR 1, "Shared addresses"). Conmgr 1 dies at 40 s; 2 lives at its address. */
@Proves("L6")
class SharedAddressTest {

    private static final HeartbeatSettings PATIENT = new HeartbeatSettings(10_000, 60_000);

    private final PeerTableFixture fix = new PeerTableFixture();

    private void dieBeside(HostIdentity other) {
        fix.armed(1);
        fix.at(seconds(21));
        fix.hello(2, 2, PATIENT, other, address(1));
        fix.tickAt(seconds(40) + 1);
    }

    @Test
    void theSameMachineAndBootMeansThatTheHostIsAlive() {
        dieBeside(host(1));
        assertEquals(List.of(), fix.judgements());
        assertTrue(!fix.knows(1), "the row is gone all the same");
    }

    @Test
    void theSameMachineWithANewerBootEndsTheSessionsOlderThanItsHello() {
        dieBeside(host("machine-1", "boot-later"));
        Judgement judgement = fix.judgements().get(0);
        assertEquals(19_001, judgement.spareNewerThanMillis(fix.now()), "HELLO was 19 s ago, rounded up");
        assertEquals(20_001, judgement.spareNewerThanMillis(fix.now() + seconds(1)), "C reads it a second later");
    }

    @Test
    void anotherMachineSparesByDefaultWithAWarning() {
        dieBeside(host(2));
        assertEquals(List.of(), fix.judgements());
        assertTrue(fix.commands.warned("watchdog.shared_address"));
    }

    @Test
    void anUnknownMachineSparesByDefault() {
        dieBeside(HostIdentity.UNKNOWN);
        assertEquals(List.of(), fix.judgements());
    }

    @Test
    void theSameMachineWithoutABootIdIsUnknown() {
        dieBeside(host("machine-1", ""));
        assertEquals(List.of(), fix.judgements());
    }

    @Test
    void anotherMachineIsNoReasonWithSharedAddressEnd() {
        fix.table.onSharedAddressRule(SharedAddress.Rule.END);
        dieBeside(host(2));
        assertEquals(fix.now(), fix.judgements().get(0).spareSinceNanos());
    }

    @Test
    void theSameBootSparesEvenWithSharedAddressEnd() {
        fix.table.onSharedAddressRule(SharedAddress.Rule.END);
        dieBeside(host(1));
        assertEquals(List.of(), fix.judgements());
    }

    @Test
    void aPeerOfAnotherAddressDoesNotMatter() {
        fix.armed(1);
        fix.at(seconds(21));
        fix.hello(2, 2, PATIENT, host(1), address(2));
        fix.tickAt(seconds(40) + 1);
        assertEquals(1, fix.judgements().size());
    }

    @Test
    void twoOverduePeersDoNotVouchForEachOther() {
        fix.hello(1);
        fix.hello(2, 2, TEN_TWENTY, host(1), address(1));
        for (int second = 10; second <= 20; second += 10) {
            fix.at(seconds(second));
            fix.beat(1);
            fix.beat(2);
        }
        fix.tickAt(seconds(40) + 1);
        assertEquals(
                List.of(id(1), id(2)),
                fix.judgements().stream().map(Judgement::conmgrId).toList());
    }

    @Test
    @Proves("L7")
    void goodbyeOfOneOfTwoConmgrsOnAHostEndsNothing() {
        fix.armed(1);
        fix.hello(2, 2, TEN_TWENTY, host(1), address(1));
        fix.goodbye(1, Goodbye.Reason.STOP);
        fix.tick();
        assertEquals(List.of(), fix.judgements());
    }

    @Test
    void anAdoptedRowsHelloIsNotKnownSoItSparesAll() {
        fix.table.adopt(fix.now(), List.of(row(1, true)));
        fix.hello(2, 2, TEN_TWENTY, host("machine-1", "boot-later"), address(1));
        fix.at(seconds(20));
        fix.beat(2);
        fix.goodbye(2, Goodbye.Reason.STOP);
        fix.tick();
        assertEquals(List.of(), fix.judgements());
    }

    @Test
    void anIpv4MappedAddressIsTheIpv4Address() throws Exception {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 1};
        PeerAddress viaIpv6 = PeerAddress.of(java.net.Inet6Address.getByAddress("mapped", mapped, 0));
        assertEquals(address("10.0.0.1"), viaIpv6);
        assertEquals("10.0.0.1", viaIpv6.toString());
        assertEquals("2001:db8:0:0:0:0:0:7", address("2001:db8::7").toString());
    }

    @Test
    void aSessionYoungerThanTheJudgementIsSparedHoweverLateTheTickIs() {
        Judgement judgement = new Judgement(address(1), id(1), "", Judgement.Reason.TIMEOUT, 0, 1_000_000_000L);
        assertEquals(0, judgement.spareNewerThanMillis(1_000_000_000L));
        assertEquals(1, judgement.spareNewerThanMillis(1_000_000_001L));
        assertEquals(3, judgement.spareNewerThanMillis(1_003_000_000L));
    }
}
