package io.github.pgconmgr.watchdog;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.pgconmgr.time.WallClock;
import io.github.pgconmgr.watchdog.peer.PeerTable;
import io.github.pgconmgr.watchdog.peer.PeerTableConfig;
import io.github.pgconmgr.wire.Id128;
import io.github.pgconmgr.wire.heartbeat.Beat;
import io.github.pgconmgr.wire.heartbeat.Follow;
import io.github.pgconmgr.wire.heartbeat.Goodbye;
import io.github.pgconmgr.wire.heartbeat.HeartbeatCodec;
import io.github.pgconmgr.wire.heartbeat.HeartbeatFrame;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import io.github.pgconmgr.wire.heartbeat.Hello;
import io.github.pgconmgr.wire.heartbeat.HostIdentity;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.heartbeat.SettingsChange;
import io.github.pgconmgr.wire.heartbeat.SharedSecret;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The heartbeat port without its sockets under Jazzer (docs/fuzzing.md): connections that say anything, or frames that begin
 * well, in any order and in any time. Nothing is thrown, nothing piles up, and without the shared secret nobody gets a row.
 */
class HeartbeatPortFuzzTest {

    private static final int MAX_PEERS = 3;
    private static final int MAX_STEPS = 40;
    private static final SharedSecret SECRET = new SharedSecret(new byte[SharedSecret.MIN_BYTES]);
    private static final ServerLimits LIMITS = new ServerLimits(5_000_000_000L, 4, 2048, 1_000_000_000L);

    /** What stands around the port in one run. */
    private static final class Port {
        private final FuzzedDataProvider data;
        private final boolean secured;
        private final TurnOutput output = new TurnOutput();
        private final Connections connections = new Connections(LIMITS, WallClock.SYSTEM, output::log);
        private final PeerTable table;
        private final Gate gate;
        private final FakeSelector selector = new FakeSelector();
        private final List<Talk> talks = new ArrayList<>();
        private boolean proven;
        private long now = Long.MAX_VALUE - 3_000_000_000L;

        /** A connection and its other end. */
        private record Talk(FakeChannel channel, Connection connection) {}

        Port(FuzzedDataProvider data) {
            this.data = data;
            this.secured = data.consumeBoolean();
            InstanceState state = new InstanceState(false, false, false, 1, 1);
            this.table = new PeerTable(new PeerTableConfig(MAX_PEERS, 7, 1, state, "fuzz"), output);
            this.gate = new Gate(table, connections::close, secured ? SECRET : null, new Random(1), output::log);
            output.connect(connections);
        }

        void run() {
            for (int step = 0; step < MAX_STEPS && data.remainingBytes() > 0; step++) {
                step();
                endTurn();
            }
        }

        private void step() {
            int choice = data.consumeInt(0, 15);
            if (talks.isEmpty() || choice == 0) {
                connect();
                return;
            }
            Talk talk = talks.get(data.consumeInt(0, talks.size() - 1));
            switch (choice) {
                case 1 -> talk.channel.arrives(data.consumeBytes(data.consumeInt(0, 1100)));
                case 2 -> talk.channel.ends();
                case 3 -> now += data.consumeLong(0, 8_000_000_000L);
                case 4 -> table.onStall(now, data.consumeLong(0, 3_000_000_000L));
                case 5 -> table.onInstanceState(now, state());
                case 6 -> talk.channel.takesBytes(data.consumeInt(0, 64));
                case 7 -> table.onExiting(now);
                case 8 -> prove(talk);
                default -> talk.channel.arrives(bytes(frame()));
            }
            if (talk.connection.isOpen()) {
                talk.connection.onReadable((connection, frame) -> gate.onFrame(now, connection, frame));
                talk.connection.onWritable();
            }
        }

        private void connect() {
            FakeChannel channel = new FakeChannel(data.consumeInt(0, 3));
            Connection connection = connections.add(now, channel, selector);
            if (connection != null) {
                talks.add(new Talk(channel, connection));
            }
        }

        private InstanceState state() {
            return new InstanceState(
                    data.consumeBoolean(), data.consumeBoolean(), data.consumeBoolean(), data.consumeInt(), now);
        }

        private HeartbeatFrame frame() {
            return switch (data.consumeInt(0, 5)) {
                case 0, 1 -> hello();
                case 2 -> new Beat(data.consumeLong(), data.consumeLong(), data.consumeInt(), data.consumeInt(), 1);
                case 3 -> new SettingsChange(settings());
                case 4 -> new Goodbye(data.pickValue(Goodbye.Reason.values()));
                default -> new Follow(data.consumeInt(0, Integer.MAX_VALUE));
            };
        }

        private Hello hello() {
            HostIdentity host = new HostIdentity(
                    data.pickValue(new String[] {"", "m1", "m2"}), data.pickValue(new String[] {"", "b1", "b2"}), 0);
            Id128 id = new Id128(1, data.consumeInt(0, 4));
            Hello hello = Hello.of(settings(), id, new Id128(2, data.consumeInt(0, 1)), host, "fuzz");
            return data.consumeBoolean() ? hello.wantingProof() : hello;
        }

        private HeartbeatSettings settings() {
            return new HeartbeatSettings(data.consumeInt(100, 3000), data.consumeInt(100, 9000));
        }

        /** The right answer, which only this test can know. */
        private void prove(Talk talk) {
            Gate.Unproven unproven = talk.connection.admission().unproven();
            if (unproven != null) {
                proven = true;
                talk.channel.arrives(
                        bytes(SECRET.proof(SharedSecret.Side.CONMGR, unproven.challenge(), unproven.helloPayload())));
            }
        }

        private static byte[] bytes(HeartbeatFrame frame) {
            ByteBuffer encoded = HeartbeatCodec.encode(frame);
            byte[] copy = new byte[encoded.remaining()];
            encoded.get(copy);
            return copy;
        }

        private void endTurn() {
            connections.onTick(now);
            gate.onTick(now);
            table.onTick(now);
            for (Connection broken : connections.takeBroken(now)) {
                table.onClosed(now, broken.id());
            }
            talks.removeIf(talk -> !talk.channel.isOpen());
            output.takeJudgements();
            output.takeLog();
            assertTrue(table.peers().size() <= MAX_PEERS, "more rows than there may be");
            assertTrue(connections.waiting() <= LIMITS.maxWaiting(), "more strangers than may wait");
            assertTrue(!secured || proven || table.peers().isEmpty(), "a row without a proof");
            table.rows(now, 0).forEach(row -> assertTrue(row.conmgrId() != null));
        }
    }

    @FuzzTest(maxDuration = "24h")
    void anyTalkOfAnyNumberOfStrangersHarmsNobody(FuzzedDataProvider data) {
        new Port(data).run();
    }
}
