package io.github.pgconmgr.faults;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;

/** What a scenario can wait for or expect. Immutable. */
@SuppressWarnings("ImmutableEnumChecker") // its functions have no state
enum Condition {
    /** Every session that the applications there had at the instance when the fault came has ended for them. */
    CUT("cut APP INSTANCE", (round, words) -> round.isCut(words.get(0), words.get(1))),
    /** None of these sessions is left at the instance. */
    FREED("freed APP INSTANCE", (round, words) -> round.isFreed(words.get(0), words.get(1))),
    /** The last that conmgr there has logged about the instance. */
    SEES("conmgr APP sees INSTANCE STATE", (round, words) -> round.sees(words.get(0), words.get(1), words.get(2))),
    /** A line with that text since the round began, in the log of conmgr or of the instance; of several hosts in any. */
    LOG("log HOST TEXT", (round, words) -> round.hasLogged(words.get(0), words.get(1))),
    /** No such line. */
    NO_LOG("no log HOST TEXT", (round, words) -> !round.hasLogged(words.get(0), words.get(1))),
    /** The gaps that the switch saw while cables were bad explain each judgement and each session that ended. */
    GAPS("gaps fit", (round, words) -> round.gapsFit()),
    /** All is as before the round. */
    WELL("well", (round, words) -> round.isWell()),
    /** Every connection of the load there has had work done since the last action. */
    WORKING("working APP", (round, words) -> round.isWorking(words.get(0)));

    private final Phrase phrase;
    private final BiPredicate<Round, List<String>> body;

    Condition(String phrase, BiPredicate<Round, List<String>> body) {
        this.phrase = Phrase.of(phrase);
        this.body = body;
    }

    /** Whether it costs questions to instances. */
    boolean asksInstances() {
        return this == FREED || this == WELL;
    }

    /** A condition with its words. Immutable. */
    record Bound(Condition condition, List<String> arguments) {

        boolean holds(Round round) {
            return condition.body.test(round, arguments);
        }

        Condition kind() {
            return condition;
        }
    }

    /** The condition that these words ask for; an IllegalArgumentException lists what there is. */
    static Bound of(List<String> words) {
        for (Condition condition : values()) {
            List<String> arguments = condition.phrase.match(words).orElse(null);
            if (arguments != null) {
                return new Bound(condition, arguments);
            }
        }
        throw new IllegalArgumentException("no condition \"" + String.join(" ", words) + "\"; there are: "
                + Arrays.stream(values()).map(each -> each.phrase.toString()).collect(Collectors.joining(", ")));
    }
}
