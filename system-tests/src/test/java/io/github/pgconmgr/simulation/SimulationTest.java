package io.github.pgconmgr.simulation;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Proves;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Four application hosts and three instances under every trouble that a network has, one seed each. A failure prints its seed:
 * put it into {@link #oneSeed} to see it again.
 */
@Timeout(300)
class SimulationTest {

    private static final int SEEDS = 200;
    private static final int EVENTS = 10_000;

    @Test
    @Proves({"L1", "L2", "L4", "L7", "T5"})
    void everyInvariantHoldsAfterEveryStepOfEverySeed() {
        int judgements = 0;
        int downs = 0;
        int victims = 0;
        int primaryRoutes = 0;
        long longestGap = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            World world = live(seed, PlantedBug.NONE);
            judgements += world.oracle().judgements();
            downs += world.oracle().downs();
            victims += world.oracle().victims();
            primaryRoutes += world.oracle().primaryRoutes();
            longestGap = Math.max(longestGap, world.oracle().longestGapNanos());
        }
        System.out.printf(
                Locale.ROOT,
                "simulation: %d seeds of %d events, %d instances taken for down, %d judgements, %d sessions ended, %d writers routed,"
                        + " longest gap between two frames %.1f s%n",
                SEEDS,
                EVENTS,
                downs,
                judgements,
                victims,
                primaryRoutes,
                longestGap / 1e9);
        assertTrue(
                judgements > SEEDS && downs > SEEDS && victims > SEEDS && primaryRoutes > SEEDS,
                "the simulation is too quiet to prove much");
    }

    @ParameterizedTest
    @EnumSource(value = PlantedBug.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void findsAPlantedBug(PlantedBug bug) {
        AssertionError found = assertThrows(AssertionError.class, () -> {
            for (long seed = 1; seed <= SEEDS; seed++) {
                live(seed, bug);
            }
        });
        System.out.println(
                "planted " + bug + ": " + found.getMessage().lines().findFirst().orElse(""));
    }

    @Test
    void oneSeed() {
        live(1, PlantedBug.NONE);
    }

    private static World live(long seed, PlantedBug bug) {
        World world = new World(seed, bug);
        world.run(EVENTS);
        world.healAndConverge();
        return world;
    }
}
