package io.github.pgconmgr.watchdog.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PeerTransitionsTest {

    @Test
    void everyPairThatIsNotListedThrows() {
        int listed = 0;
        for (PeerState state : PeerState.values()) {
            for (PeerEvent event : PeerEvent.values()) {
                if (PeerTransitions.TABLE.allows(state, event)) {
                    listed++;
                } else {
                    assertThrows(IllegalStateException.class, () -> PeerTransitions.TABLE.next(state, event));
                }
            }
        }
        assertEquals(31, listed, "a transition was added or removed: does a test of its own say so?");
    }

    @Test
    void nothingLeadsOutOfTheEnd() {
        for (PeerEvent event : PeerEvent.values()) {
            assertFalse(PeerTransitions.TABLE.allows(PeerState.DEAD, event));
            assertFalse(PeerTransitions.TABLE.allows(PeerState.GONE, event));
        }
    }

    @Test
    void onlyAnArmedPeerCanBecomeDead() {
        Set<PeerState> killable = EnumSet.noneOf(PeerState.class);
        for (var row : PeerTransitions.TABLE.rows()) {
            if (row.to() == PeerState.DEAD) {
                killable.addAll(row.from());
            }
        }
        assertEquals(EnumSet.of(PeerState.ARMED, PeerState.LOST, PeerState.ADOPTED, PeerState.GRACE), killable);
        assertFalse(killable.stream().anyMatch(state -> !state.isArmed()));
    }
}
