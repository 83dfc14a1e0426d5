package io.github.pgconmgr.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.pgconmgr.attribute.CheckPhase;
import io.github.pgconmgr.attribute.CheckedLiveness;
import io.github.pgconmgr.heartbeat.LinkPhase;
import io.github.pgconmgr.heartbeat.LivenessTable;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.testkit.StateCoverage;
import io.github.pgconmgr.watchdog.peer.PeerTransitions;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Four application hosts, six conmgrs and two instance sets under every trouble that a network has, one seed each. A failure prints
 * its seed: "make simulate SEED=n" shows it again. Each seed has a world of its own, so they run in parallel.
 */
@Timeout(value = 4, unit = TimeUnit.HOURS)
class SimulationTest {

    /** make simulate: 10,000. */
    private static final int SEEDS = Integer.getInteger("simulation.seeds", 200);

    private static final int SEEDS_FOR_A_BUG = 200;
    private static final int EVENTS = 10_000;

    @Test
    @Proves({"L1", "L2", "L4", "L7", "T5"})
    void everyInvariantHoldsAfterEveryStepOfEverySeedAndEveryTransitionOccurs() {
        StateCoverage coverage = new StateCoverage(
                LivenessTable.TABLE, LinkPhase.TABLE, CheckedLiveness.TABLE, CheckPhase.TABLE, PeerTransitions.TABLE);
        Totals totals = LongStream.rangeClosed(1, SEEDS)
                .parallel()
                .mapToObj(seed -> Totals.of(live(seed, PlantedBug.NONE).oracle()))
                .reduce(Totals.NONE, Totals::plus);
        System.out.println("simulation: " + SEEDS + " seeds of " + EVENTS + " events, " + totals);
        coverage.write("1-world");
        assertTrue(totals.isBusierThan(SEEDS), "the simulation is too quiet to prove much");
        assertEquals(List.of(), coverage.unreached(), "transitions that never occurred");
    }

    /** What has happened. Immutable. */
    private record Totals(int judgements, int downs, int victims, int primaryRoutes, long longestGapNanos) {
        static final Totals NONE = new Totals(0, 0, 0, 0, 0);

        static Totals of(Oracle oracle) {
            return new Totals(
                    oracle.judgements(),
                    oracle.downs(),
                    oracle.victims(),
                    oracle.primaryRoutes(),
                    oracle.longestGapNanos());
        }

        Totals plus(Totals other) {
            return new Totals(
                    judgements + other.judgements,
                    downs + other.downs,
                    victims + other.victims,
                    primaryRoutes + other.primaryRoutes,
                    Math.max(longestGapNanos, other.longestGapNanos));
        }

        boolean isBusierThan(int seeds) {
            return judgements > seeds && downs > seeds && victims > seeds && primaryRoutes > seeds;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%d instances taken for down, %d judgements, %d sessions ended, %d writers routed, longest gap between two"
                            + " frames %.1f s",
                    downs,
                    judgements,
                    victims,
                    primaryRoutes,
                    longestGapNanos / 1e9);
        }
    }

    @ParameterizedTest
    @EnumSource(value = PlantedBug.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void findsAPlantedBugByTheInvariantThatItBreaks(PlantedBug bug) {
        String found = LongStream.rangeClosed(1, SEEDS_FOR_A_BUG)
                .mapToObj(seed -> failure(seed, bug))
                .filter(message -> message.contains(bug.invariant()))
                .findFirst()
                .orElseGet(() -> fail(bug + " is not found in " + SEEDS_FOR_A_BUG + " seeds"));
        System.out.println("planted " + bug + ": " + found.lines().findFirst().orElse(""));
    }

    /** What one seed fails with; nothing if it does not. */
    private static String failure(long seed, PlantedBug bug) {
        try {
            live(seed, bug);
            return "";
        } catch (AssertionError failure) {
            return failure.toString();
        }
    }

    @Test
    void oneSeed() {
        live(Long.getLong("simulation.seed", 1), PlantedBug.NONE);
    }

    private static World live(long seed, PlantedBug bug) {
        World world = new World(seed, bug);
        world.run(EVENTS);
        world.healAndConverge();
        return world;
    }
}
