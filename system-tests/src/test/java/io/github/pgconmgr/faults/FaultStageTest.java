package io.github.pgconmgr.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Proves;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The fault matrix in short: one round that has to pass, and one with a planted violation that has to fail. */
@Tag("slow")
class FaultStageTest {

    @Test
    @Proves({"L1", "L2", "A2"})
    void aRoundPassesAndOneWithAWrongPromiseFails() {
        try (FaultStage stage = new FaultStage(Settings.QUICK, Layout.PLAIN)) {
            Scenario first = read(
                    "fault  The cable of an application host is cut",
                    "ends   app1 instances",
                    "break  cut app1",
                    "await  freed app1 instances within T+5s",
                    "await  cut app1 instances within 5s",
                    "mend   heal app1");
            Outcome cut = stage.play(first);
            assertEquals(List.of(), cut.violations());
            assertEquals(50, cut.errors().size());

            Outcome wrong = stage.play(read(
                    "fault  conmgr dies, and nobody has said that this ends sessions",
                    "break  signal conmgr app2 KILL",
                    "mend   start conmgr app2"));
            assertTrue(
                    wrong.violations().stream().anyMatch(text -> text.startsWith("alive, but cut: app2-")),
                    wrong.violations().toString());
            assertFalse(stage.fits(first));
        }
    }

    private static Scenario read(String... lines) {
        return ScenarioReader.read("test.scenario", List.of(lines));
    }
}
