package io.github.pgconmgr.time;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class StallMeterTest {

    private final StallMeter meter = new StallMeter(100);

    @Test
    void latenessUpToTheThresholdIsJitter() {
        assertEquals(0, meter.onWake(1099, 1000));
        assertEquals(0, meter.onWake(1100, 1000));
        assertEquals(101, meter.onWake(1101, 1000));
    }

    @Test
    void anEarlyWakeIsNoStall() {
        assertEquals(0, meter.onWake(10, 5000));
    }

    @Test
    void tellsTheLongestSinceItWasLastAsked() {
        meter.onWake(1500, 1000);
        meter.onWake(2200, 2000);
        assertEquals(500, meter.takeLongestNanos());
        assertEquals(0, meter.takeLongestNanos());
    }

    @Test
    void worksAcrossTheWrapAround() {
        assertEquals(200, meter.onWake(Long.MIN_VALUE + 100, Long.MAX_VALUE - 99));
    }
}
