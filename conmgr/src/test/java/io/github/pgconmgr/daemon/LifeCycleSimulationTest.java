package io.github.pgconmgr.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.StateCoverage;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The daemon under orders by chance: whatever comes in whatever order, its parts are stopped once, and it ends. */
class LifeCycleSimulationTest {

    private static final int SEEDS = 1_000;

    private int drains;
    private int stops;

    @Test
    void itAlwaysEndsAndStopsItsPartsOnce() {
        StateCoverage coverage = new StateCoverage(DaemonLifeCycle.TABLE);
        for (long seed = 1; seed <= SEEDS; seed++) {
            live(new Random(seed));
            assertTrue(drains <= 1 && stops <= 1, "seed " + seed);
        }
        coverage.write("5-daemon");
        assertEquals(List.of(), coverage.unreached(), "transitions that never occurred");
    }

    private void live(Random random) {
        drains = 0;
        stops = 0;
        DaemonLifeCycle life = new DaemonLifeCycle(
                new DaemonLifeCycle.Commands() {
                    @Override
                    public void drain() {
                        drains++;
                    }

                    @Override
                    public void stopParts() {
                        stops++;
                    }
                },
                (message, component, arguments) -> {});
        DaemonEvent[] events = DaemonEvent.values();
        while (life.state() != DaemonState.ENDED) {
            DaemonEvent event = events[random.nextInt(events.length)];
            if (DaemonLifeCycle.TABLE.allows(life.state(), event)) {
                life.onEvent(event);
            }
        }
    }
}
