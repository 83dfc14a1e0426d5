package io.github.pgconmgr.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.scripted.Samples;
import io.github.pgconmgr.topology.Liveness;
import io.github.pgconmgr.wire.heartbeat.Goodbye;
import io.github.pgconmgr.wire.heartbeat.HeartbeatFrame;
import io.github.pgconmgr.wire.heartbeat.Refused;
import io.github.pgconmgr.wire.heartbeat.StateChange;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Any events in any order: no unlisted transition, and the two machines agree. */
class InstanceLinkRandomTest {

    private static final List<BackendPort> PORTS = List.of(BackendPort.values());
    private static final List<HeartbeatFrame> FRAMES = List.of(
            Samples.beat(1),
            Samples.beat(7),
            Samples.welcome(1, Samples.PRIMARY),
            Samples.welcome(2, Samples.STANDBY),
            new StateChange(Samples.STANDBY),
            new Refused(1, "full"),
            new Goodbye(Goodbye.Reason.RESTART),
            new Goodbye(Goodbye.Reason.INSTANCE_STOPPING));

    @Test
    void anyOrderOfEventsKeepsTheTwoMachinesInStep() {
        for (int seed = 0; seed < 300; seed++) {
            play(seed, new LinkHarness(Samples.heartbeat(10_000, seed % 10 == 0 ? 5_000 : 20_000)));
        }
    }

    private static void play(int seed, LinkHarness h) {
        Random random = new Random(seed);
        h.start();
        for (int step = 0; step < 400; step++) {
            long number = Math.max(1, h.attempt - (random.nextInt(8) == 0 ? 1 : 0));
            playOne(random, h, number);
            String where = "seed " + seed + ", step " + step;
            Liveness liveness = h.link.liveness();
            if (seed % 10 != 0) {
                assertEquals(liveness == Liveness.ALIVE, h.link.phase() == LinkPhase.BEATING, where);
            } else {
                assertTrue(liveness == Liveness.UNKNOWN || liveness == Liveness.DOWN, where);
            }
        }
    }

    private static void playOne(Random random, LinkHarness h, long number) {
        switch (random.nextInt(9)) {
            case 0 -> h.link.onConnectFailed(h.now(), number, "failed");
            case 1 -> h.link.onClosed(h.now(), number, "closed");
            case 2, 3 -> h.link.onConnected(h.now(), number, "10.0.0.1");
            case 4, 5 -> h.link.onFrame(h.now(), number, FRAMES.get(random.nextInt(FRAMES.size())));
            case 6 ->
                h.link.onBackendPort(h.now(), Math.max(0, h.probe - random.nextInt(2)), PORTS.get(random.nextInt(3)));
            case 7 -> h.link.onStall(h.now(), random.nextInt(2_000_000_000));
            default -> h.tickAfterMillis(random.nextInt(8_000));
        }
    }
}
