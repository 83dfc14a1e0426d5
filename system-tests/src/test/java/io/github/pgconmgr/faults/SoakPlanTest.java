package io.github.pgconmgr.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which faults a soak plays, alone and two at once; with the scenarios that there are. */
class SoakPlanTest {

    private static final int MANY = 3000;

    @Test
    void theSameSeedPlaysTheSameFaults() throws IOException {
        List<Scenario> all = Faults.scenarios();
        assertEquals(names(new SoakPlan(all, 7), MANY), names(new SoakPlan(all, 7), MANY));
        assertNotEquals(names(new SoakPlan(all, 7), MANY), names(new SoakPlan(all, 8), MANY));
    }

    @Test
    void everyFaultOfAPlainLabIsPlayedAndNoOther() throws IOException {
        Set<String> fit = Faults.scenarios().stream()
                .filter(scenario -> scenario.layout() == Layout.PLAIN)
                .filter(scenario -> Set.of(Settings.QUICK, Settings.PATIENT).contains(scenario.settings()))
                .map(Scenario::name)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> played = names(new SoakPlan(Faults.scenarios(), 1), MANY).stream()
                .flatMap(name -> Arrays.stream(name.split(SimultaneousFaults.AND, -1)))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(fit, played);
        assertTrue(played.size() > 20, played.toString());
    }

    @Test
    void twoAtOnceBreakBothThenWaitForBothThenMendTheInstanceFirst() throws IOException {
        Scenario both =
                SimultaneousFaults.of(named("link-app"), named("link-primary")).orElseThrow();
        assertEquals(
                List.of(
                        "break cut app1",
                        "break cut primary",
                        "await freed app1 instances",
                        "await cut app1 instances",
                        "await freed apps primary",
                        "await cut apps primary",
                        "mend heal primary",
                        "mend heal app1"),
                both.steps().stream().map(Step::toString).toList());
        assertEquals(List.of(new Pair("app1", "instances"), new Pair("apps", "primary")), both.ends());
    }

    @Test
    void whatDisturbsTheOthersJudgementIsNotPlayedWithIt() throws IOException {
        assertFalse(goTogether("link-app", "oneway-to-app"), "one host");
        assertFalse(goTogether("freeze-app-long", "link-primary"), "a frozen application sees no error");
        assertFalse(goTogether("link-app", "power-primary"), "who has no power cannot say that sessions have ended");
        assertFalse(goTogether("link-app", "failover"), "roles change");
        assertTrue(goTogether("power-app", "link-standby"));
    }

    @Test
    void nothingToPlayIsAMistake() {
        assertThrows(IllegalArgumentException.class, () -> new SoakPlan(List.of(), 1));
    }

    private static boolean goTogether(String application, String instance) throws IOException {
        return SimultaneousFaults.of(named(application), named(instance)).isPresent();
    }

    private static Scenario named(String name) throws IOException {
        return Faults.scenarios().stream()
                .filter(scenario -> scenario.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> names(SoakPlan plan, int count) {
        return Stream.generate(plan::next).limit(count).map(Scenario::name).toList();
    }
}
