package io.github.pgconmgr.faults.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The process that lived longest stands for its role. */
class SamplesTest {

    private final Samples samples = new Samples();

    @Test
    void aProcessThatWasStartedAgainIsNotMixedWithTheOneBefore() {
        add("conmgr app1", 10, 3, 100);
        add("conmgr app1", 11, 2, 900);
        assertEquals(List.of(100L, 100L, 100L), samples.series("conmgr app1", Measure.THREADS));
        assertEquals(2, samples.processes("conmgr app1"));
    }

    @Test
    void whatRisesIsNamedWithItsProcessAndFigures() {
        add("conmgr app1", 10, 8, 100);
        add("conmgr app1", 10, 8, 200);
        add("conmgr app2", 11, 16, 100);
        assertEquals(List.of("rises: threads of conmgr app1, from 100 to 200"), samples.rising());
    }

    @Test
    void aMeasureThatAProcessDoesNotHaveIsLeftOut() {
        add("libpq load app1", 10, 12, 26);
        assertEquals(List.of(), samples.series("libpq load app1", Measure.HEAP));
        assertEquals(List.of(), samples.rising());
    }

    @Test
    void whatIsResidentCountsFromAQuarterOfAnHourOfLifeOn() {
        OurProcess process = new OurProcess("conmgr app1", 10);
        for (double seconds : new double[] {100, 999.9, 1000, 1060}) {
            samples.add(process, seconds, Map.of(Measure.RSS, (long) seconds, Measure.DESCRIPTORS, 90L));
        }
        assertEquals(List.of(1000L, 1060L), samples.series("conmgr app1", Measure.RSS));
        assertEquals(List.of(90L, 90L, 90L, 90L), samples.series("conmgr app1", Measure.DESCRIPTORS));
        assertEquals(4, samples.most("conmgr app1"));
    }

    @Test
    void theHeapIsTheTotalOfTheHistogram() {
        String histogram = "   1:   2   48  java.lang.Object (java.base@17.0.1)\nTotal         51200        4194304\n";
        assertEquals(Optional.of(4096L), LiveHeap.parse(histogram));
        assertEquals(Optional.empty(), LiveHeap.parse("12345: connection refused"));
    }

    private void add(String role, long pid, int times, long threads) {
        for (int n = 0; n < times; n++) {
            samples.add(new OurProcess(role, pid), n, Map.of(Measure.THREADS, threads));
        }
    }
}
