package io.github.pgconmgr.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.config.RoutingConfig;
import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.scripted.ManualClock;
import io.github.pgconmgr.scripted.Samples;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.testkit.StateCoverage;
import io.github.pgconmgr.topology.Liveness;
import io.github.pgconmgr.topology.Topology;
import io.github.pgconmgr.wire.redirect.LsnWish;
import io.github.pgconmgr.wire.redirect.RedirectRequest;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Drivers of every kind before instances that come and go: after each step, nobody hangs on an instance that is DOWN, each has one
 * answer at most, and who is gone is forgotten. The seed is in each failure.
 */
@Timeout(value = 4, unit = TimeUnit.HOURS)
class FrontendSimulationTest {

    private static final int SEEDS = Math.max(20, Integer.getInteger("simulation.seeds", 200) / 10);
    private static final int STEPS = 2_000;
    private static final int CLIENTS = 20;

    @Test
    @Proves({"T1", "T2", "T4"})
    void nobodyHangsOnALostInstanceAndEveryTransitionOccurs() {
        StateCoverage coverage = new StateCoverage(ClientPhase.TABLE);
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                new Run(seed).live();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
        coverage.write("2-frontend");
        assertEquals(List.of(), coverage.unreached(), "transitions that never occurred");
    }

    /** One seed. Confined to the test's thread. */
    private static final class Run {
        private final Random random;
        private final Log log = (message, component, arguments) -> {};
        private final Topology topology = new Topology(List.of(Samples.instance(0), Samples.instance(1)), log);
        private final SessionRegistry sessions = new SessionRegistry(log);
        private final ManualClock clock = new ManualClock();
        private final StageOne stageOne = new StageOne(topology, sessions, clock, new LsnInterest(() -> {}));
        private final List<EmbeddedChannel> clients = new ArrayList<>();
        private final Map<EmbeddedChannel, Integer> sentTo = new HashMap<>();

        Run(long seed) {
            random = new Random(seed);
            topology.addListener(sessions::onSessionsLost);
            topology.addChangeListener(stageOne::onTopologyChanged);
            stageOne.configure(new RoutingConfig(false, seed % 2 == 0 ? 3_000 : 0, RoutingConfig.NO_LAG_LIMIT));
        }

        void live() {
            for (int step = 0; step < STEPS; step++) {
                step();
                settle();
            }
            sessions.tellAll("conmgr is stopping");
            settle();
            assertEquals(List.of(), sessions.list(), "a session after the stop");
            clients.forEach(EmbeddedChannel::finishAndReleaseAll);
            assertEquals(0, stageOne.room().size(), "somebody waits who is gone");
        }

        private void step() {
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> connect();
                case 3, 4 -> say(question().encode());
                case 5 -> say(ByteBuffer.wrap(new byte[] {0, 0, 0, (byte) (random.nextBoolean() ? 8 : 99)}));
                case 6 -> say(ByteBuffer.allocate(8).putInt(8).putInt(80877103).flip());
                case 7 ->
                    clients.stream()
                            .findAny()
                            .ifPresent(client -> client.close().syncUninterruptibly());
                case 8 -> advance(random.nextInt(2_000));
                case 9, 10 -> alive(random.nextInt(2));
                default -> topology.eventsOf(random.nextInt(2)).down(1, "no heartbeat");
            }
        }

        private void connect() {
            if (clients.size() < CLIENTS) {
                EmbeddedChannel client = new EmbeddedChannel();
                client.freezeTime();
                client.pipeline().addLast(new FirstBytesHandler(stageOne, sessions, log, (channel, received) -> {}));
                clients.add(client);
            }
        }

        private void say(ByteBuffer bytes) {
            if (!clients.isEmpty()) {
                clients.get(random.nextInt(clients.size())).writeInbound(Unpooled.copiedBuffer(bytes));
            }
        }

        private RedirectRequest question() {
            TargetAttribute[] targets = TargetAttribute.values();
            RedirectRequest request = new RedirectRequest(0, targets[random.nextInt(targets.length)], Map.of());
            return random.nextInt(3) == 0 ? request.wishing(new LsnWish(1 + random.nextInt(200), 1_000)) : request;
        }

        private void advance(long millis) {
            clock.advanceMillis(millis);
            clients.forEach(client -> client.advanceTimeBy(millis, TimeUnit.MILLISECONDS));
        }

        private void alive(int number) {
            boolean standby = number == 1;
            topology.eventsOf(number).alive(1, "10.0.0.1", Samples.welcome(100, Samples.stateOnTimeline(standby, 1)));
        }

        private void settle() {
            for (EmbeddedChannel client : clients) {
                client.runPendingTasks();
                hear(client);
            }
            clients.removeIf(client -> !client.isOpen());
            sentTo.keySet().retainAll(clients);
            assertEquals(sentTo.size(), sessions.list().size(), "sessions that are counted");
            assertTrue(stageOne.room().size() <= clients.size(), "somebody waits who is gone");
        }

        private void hear(EmbeddedChannel client) {
            for (ByteBuf out = client.readOutbound(); out != null; out = client.readOutbound()) {
                byte type = out.getByte(0);
                if (type == 'c') {
                    assertFalse(sentTo.containsKey(client), "two answers");
                    sentTo.put(client, (int) out.getShort(7));
                } else if (type == 'd') {
                    assertEquals(sentTo.remove(client), (int) out.getShort(5), "the notice of another instance");
                }
                out.release();
            }
            Integer number = sentTo.get(client);
            boolean down = number != null
                    && topology.snapshot().instance(number).orElseThrow().liveness() == Liveness.DOWN;
            assertFalse(client.isOpen() && down, "a client hangs on an instance that is DOWN");
        }
    }
}
