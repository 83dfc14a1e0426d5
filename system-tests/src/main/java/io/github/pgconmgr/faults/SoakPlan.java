package io.github.pgconmgr.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Which faults a soak plays, and how long it waits between them: the same for the same seed and the same scenarios.
 *
 * <p>Confined to one thread.
 */
final class SoakPlan {

    /** The lab's settings: what a scenario calls T scales with them, so those for quick settings play as well. */
    static final Settings SETTINGS = Settings.PATIENT;

    /** The lab. */
    static final Layout LAYOUT = Layout.PLAIN;

    private static final int LONGEST_PAUSE_MILLIS = 10_000;
    private static final double TWO_AT_ONCE = 0.25;

    private final Random random;
    private final List<Scenario> single;
    private final List<Scenario> pairs = new ArrayList<>();

    /** Of these scenarios those that can be played in one lab. */
    SoakPlan(List<Scenario> scenarios, long seed) {
        random = new Random(seed);
        single = scenarios.stream()
                .filter(scenario -> scenario.layout() == LAYOUT
                        && (scenario.settings() == Settings.QUICK || scenario.settings() == SETTINGS))
                .toList();
        if (single.isEmpty()) {
            throw new IllegalArgumentException(
                    "none of these scenarios is for a plain lab with settings quick or patient");
        }
        for (Scenario first : single) {
            for (Scenario second : single) {
                SimultaneousFaults.of(first, second).ifPresent(pairs::add);
            }
        }
    }

    /** The next fault, or two at once. */
    Scenario next() {
        boolean two = random.nextDouble() < TWO_AT_ONCE && !pairs.isEmpty();
        List<Scenario> choice = two ? pairs : single;
        return choice.get(random.nextInt(choice.size()));
    }

    /** How long the lab is left alone after it. */
    Duration pause() {
        return Duration.ofMillis(random.nextInt(LONGEST_PAUSE_MILLIS));
    }
}
