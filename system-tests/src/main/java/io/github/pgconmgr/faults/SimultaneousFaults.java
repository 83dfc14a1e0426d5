package io.github.pgconmgr.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Two scenarios at once: both break, then both have to show what follows, then both are mended, the instance first. Only where
 * each one's conditions still make sense: an application host that is cut off or without power, and an instance's host that is
 * cut off. (A frozen application cannot say that the other fault has cut it; an instance that is down cannot say that it has
 * ended the first fault's sessions.) A functional core. Immutable: no state.
 */
final class SimultaneousFaults {

    /** Between the names of both. */
    static final String AND = " and ";

    private SimultaneousFaults() {}

    /** Both as one scenario; empty if they do not go together. */
    static Optional<Scenario> of(Scenario application, Scenario instance) {
        if (!fits(application, true) || !fits(instance, false)) {
            return Optional.empty();
        }
        List<Step> steps = new ArrayList<>(breaks(application));
        steps.addAll(breaks(instance));
        steps.addAll(effects(application));
        steps.addAll(effects(instance));
        steps.addAll(fromMending(instance));
        steps.addAll(fromMending(application));
        return Optional.of(new Scenario(
                application.name() + AND + instance.name(),
                application.fault() + "; " + instance.fault(),
                application.settings(),
                application.layout(),
                joined(application.ends(), instance.ends()),
                joined(application.mayEnd(), instance.mayEnd()),
                steps));
    }

    private static boolean fits(Scenario scenario, boolean ofApplication) {
        return !scenario.ends().isEmpty()
                && scenario.steps().stream().allMatch(step -> switch (step.verb()) {
                    case EXPECT, DO -> false;
                    case BREAK -> breaksOnly(step.words(), ofApplication);
                    case MEND, WAIT, AWAIT -> true;
                });
    }

    private static boolean breaksOnly(List<String> words, boolean applications) {
        String host = words.get(words.size() - 1);
        if (applications) {
            return Names.isApplication(host)
                    && (words.get(0).equals("cut") || words.get(0).equals("power"));
        }
        return Names.isInstance(host) && words.get(0).equals("cut");
    }

    private static List<Step> breaks(Scenario scenario) {
        return scenario.steps().stream()
                .filter(step -> step.verb() == Step.Verb.BREAK)
                .toList();
    }

    private static List<Step> effects(Scenario scenario) {
        return scenario.steps().stream()
                .takeWhile(step -> step.verb() != Step.Verb.MEND)
                .filter(step -> step.verb() != Step.Verb.BREAK)
                .toList();
    }

    private static List<Step> fromMending(Scenario scenario) {
        return scenario.steps().stream()
                .dropWhile(step -> step.verb() != Step.Verb.MEND)
                .toList();
    }

    private static List<Pair> joined(List<Pair> first, List<Pair> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
