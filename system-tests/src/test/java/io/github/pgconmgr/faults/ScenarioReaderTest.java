package io.github.pgconmgr.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ScenarioReaderTest {

    @Test
    void aScenarioIsReadLineByLine() {
        Scenario scenario = read(
                "# what happens",
                "fault    the cable is cut   # really",
                "settings patient",
                "ends     apps primary",
                "may-end  app1 standby",
                "",
                "break    cut primary",
                "await    cut apps primary within T+1s",
                "wait     200ms",
                "mend     heal primary",
                "expect   no log apps -> DOWN");
        assertEquals("x", scenario.name());
        assertEquals("the cable is cut", scenario.fault());
        assertEquals(Settings.PATIENT, scenario.settings());
        assertEquals(List.of(new Pair("apps", "primary")), scenario.ends());
        assertEquals(List.of(new Pair("app1", "standby")), scenario.mayEnd());
        assertEquals(
                List.of(7, 8, 9, 10, 11),
                scenario.steps().stream().map(Step::line).toList());
        assertEquals(Duration.ofSeconds(11), scenario.steps().get(1).limit().with(scenario.settings()));
        assertEquals(List.of("cut", "apps", "primary"), scenario.steps().get(1).words());
    }

    @Test
    void everyMistakeIsReportedWithFileAndLine() {
        String said = mistakes(
                "settings fast",
                "ends     apps",
                "ends     db1 app1",
                "brake    cut db1",
                "break    cut db9",
                "await    heal db1",
                "await    cut apps db1 within soon",
                "break    cut db1 within 3s");
        List<Integer> lines = said.lines()
                .map(line -> Integer.valueOf(line.replaceFirst("x\\.scenario:(\\d+): .*", "$1")))
                .collect(Collectors.toList());
        assertEquals(List.of(1, 2, 3, 4, 5, 6, 7, 8, 8, 8), lines, said);
        assertTrue(said.contains("x.scenario:5: no action \"cut db9\"; there are: cut HOST, "), said);
        assertTrue(said.contains("x.scenario:7: \"soon\" is no time"), said);
        assertTrue(said.contains("x.scenario:8: there is no line \"fault ...\""), said);
        assertTrue(said.contains("x.scenario:8: nothing breaks"), said);
    }

    @Test
    void aSecondTitleIsAMistake() {
        assertTrue(mistakes("fault a", "fault b", "break cut db1").startsWith("x.scenario:2: a second line"));
    }

    @Test
    void timesAreTimeoutsAndAFixedPart() {
        assertEquals(new Span(0, Duration.ofSeconds(3)), Span.parse("3s"));
        assertEquals(new Span(1, Duration.ZERO), Span.parse("T"));
        assertEquals(new Span(2, Duration.ofMillis(500)), Span.parse("2T+500ms"));
        for (String wrong : List.of("", "3", "+3s", "T3s", "s", "3m", "-1s", "T+", "1.5s", "99999999s")) {
            assertThrows(IllegalArgumentException.class, () -> Span.parse(wrong), wrong);
        }
    }

    @Test
    void everyScenarioOfOursCanBeRead() throws IOException {
        assertFalse(Faults.scenarios().isEmpty());
    }

    private static Scenario read(String... lines) {
        return ScenarioReader.read("x.scenario", List.of(lines));
    }

    private static String mistakes(String... lines) {
        return String.valueOf(assertThrows(ScenarioReader.BadScenario.class, () -> read(lines))
                .getMessage());
    }
}
