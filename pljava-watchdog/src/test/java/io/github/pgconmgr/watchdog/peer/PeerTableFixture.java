package io.github.pgconmgr.watchdog.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.pgconmgr.wire.Id128;
import io.github.pgconmgr.wire.heartbeat.Beat;
import io.github.pgconmgr.wire.heartbeat.Goodbye;
import io.github.pgconmgr.wire.heartbeat.HeartbeatFrame;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import io.github.pgconmgr.wire.heartbeat.Hello;
import io.github.pgconmgr.wire.heartbeat.HostIdentity;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A peer table in a clock of its own, that starts so late that it wraps around within the tests. A conmgr is named by a number,
 * which is its id and, unless said otherwise, its connection; its host is {@code machine-n} at 10.0.0.n.
 */
final class PeerTableFixture {

    static final InstanceState STATE = new InstanceState(false, false, false, 1, 77);
    static final long CONNECTED_MICROS = 1_700_000_000_000_000L;
    static final HeartbeatSettings TEN_TWENTY = new HeartbeatSettings(10_000, 20_000);

    final RecordedCommands commands = new RecordedCommands();
    final PeerTable table;
    private final long start;
    private long now;

    PeerTableFixture() {
        this(100);
    }

    PeerTableFixture(int maxPeers) {
        start = Long.MAX_VALUE - seconds(15);
        now = start;
        PeerTableConfig config = new PeerTableConfig(maxPeers, 4711, 1_000_000, STATE, "0.1.0");
        table = new PeerTable(config, commands);
    }

    static long seconds(double seconds) {
        return (long) (seconds * 1e9);
    }

    static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    static PeerAddress address(int n) {
        return address("10.0.0." + n);
    }

    static PeerAddress address(String text) {
        try {
            return PeerAddress.of(InetAddress.getByName(text));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    static Id128 id(int n) {
        return new Id128(0, n);
    }

    static HostIdentity host(String machine, String boot) {
        return new HostIdentity(machine, boot, 1);
    }

    static HostIdentity host(int n) {
        return host("machine-" + n, "boot-" + n);
    }

    static Hello hello(int conmgr, HeartbeatSettings settings, HostIdentity host) {
        return Hello.of(settings, id(conmgr), new Id128(9, 9), host, "0.1.0");
    }

    static PeerRow row(int n, boolean armed) {
        return new PeerRow(address(n), 5000 + n, armed, true, TEN_TWENTY, id(n), host(n), Contact.NONE);
    }

    long now() {
        return now;
    }

    /** Goes to a moment, in nanoseconds since the start; does nothing else. */
    void at(long nanosSinceStart) {
        now = start + nanosSinceStart;
    }

    void hello(int n) {
        hello(n, n, TEN_TWENTY, host(n), address(n));
    }

    void hello(int conmgr, long connection, HeartbeatSettings settings, HostIdentity host, PeerAddress address) {
        table.onHello(
                now,
                connection,
                new PeerEndpoint(address, 5000 + conmgr, CONNECTED_MICROS),
                hello(conmgr, settings, host));
    }

    void beat(long connection) {
        frame(connection, new Beat(1, 0, 0, 0, 0));
    }

    void frame(long connection, HeartbeatFrame frame) {
        table.onFrame(now, connection, frame);
    }

    void goodbye(long connection, Goodbye.Reason reason) {
        frame(connection, new Goodbye(reason));
    }

    void closed(long connection) {
        table.onClosed(now, connection);
    }

    void tick() {
        table.onTick(now);
    }

    void tickAt(long nanosSinceStart) {
        at(nanosSinceStart);
        tick();
    }

    /** Says HELLO at 0 s and BEAT at 10 s and 20 s, its last frame: then it is armed, to be silent after 40 s. */
    void armed(int... conmgrs) {
        for (int second = 0; second <= 20; second += 10) {
            at(seconds(second));
            for (int n : conmgrs) {
                if (second == 0) {
                    hello(n);
                } else {
                    beat(n);
                }
            }
            tick();
        }
    }

    PeerState state(int conmgr) {
        return peer(conmgr).state();
    }

    Peer peer(int conmgr) {
        return table.peers().stream()
                .filter(peer -> peer.conmgrId().equals(id(conmgr)))
                .findFirst()
                .orElseThrow();
    }

    boolean knows(int conmgr) {
        return table.peers().stream().anyMatch(peer -> peer.conmgrId().equals(id(conmgr)));
    }

    List<Judgement> judgements() {
        return commands.judgements;
    }

    void assertNobodyDiesUpTo(double second) {
        tickAt(seconds(second) - 1);
        tickAt(seconds(second));
        assertEquals(List.of(), judgements());
    }

    /** The first, and the only one then. */
    Judgement assertDeadJustAfter(double second) {
        assertNobodyDiesUpTo(second);
        tickAt(seconds(second) + 1);
        assertEquals(1, judgements().size());
        return judgements().get(0);
    }
}
