package io.github.pgconmgr.faults;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class RoundTest {

    private static final String PEER = "10.79.0.11 port 5689";
    private static final String CONMGR = "watchdog LOG:  conmgr 5f3a at " + PEER;
    private static final String CONNECTED = CONMGR + ": connected";
    private static final String ARMED = CONMGR + ": PROVING -> ARMED: it has beaten for 10.0 s";
    private static final String LOST = CONMGR + ": ARMED -> LOST: connection closed 1.0 s after its last frame";

    @Test
    void aConmgrIsArmedFromItsLineOn() {
        assertFalse(Round.isArmed(List.of(), PEER));
        assertFalse(Round.isArmed(List.of(CONNECTED), PEER));
        assertTrue(Round.isArmed(List.of(CONNECTED, ARMED), PEER));
    }

    @Test
    void notWhileItIsLostNorWhenItProvesItselfAnew() {
        assertFalse(Round.isArmed(List.of(CONNECTED, ARMED, LOST), PEER));
        assertFalse(Round.isArmed(List.of(CONNECTED, ARMED, CONNECTED), PEER));
    }

    @Test
    void whoTakesOverARowIsArmedAsItsPredecessorWas() {
        String taken = CONMGR + ": LOST -> ARMED: another conmgr of the same host connected from 10.79.0.11 port 45968";
        assertTrue(Round.isArmed(List.of(CONNECTED, ARMED, LOST, taken), "10.79.0.11 port 45968"));
    }

    @Test
    void linesOfOthersSayNothing() {
        String other = "watchdog LOG:  conmgr 89a4 at 10.79.0.11 port 56896: connected";
        assertTrue(Round.isArmed(List.of(CONNECTED, ARMED, other, CONMGR + " is dead, but conmgr 89a4 lives"), PEER));
        assertFalse(Round.isArmed(List.of(other), PEER));
    }
}
