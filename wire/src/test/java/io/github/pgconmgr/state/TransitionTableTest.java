package io.github.pgconmgr.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class TransitionTableTest {

    private enum Door {
        OPEN,
        SHUT,
        LOCKED
    }

    private enum Act {
        PUSH,
        TURN_KEY
    }

    private final TransitionTable<Door, Act> table = TransitionTable.named("Door", Door.class, Act.class)
            .row(EnumSet.of(Door.OPEN), Act.PUSH, Door.SHUT, "falls shut")
            .row(EnumSet.of(Door.SHUT), Act.TURN_KEY, Door.LOCKED, "locks")
            .build();

    @Test
    void leadsWhereTheRowSays() {
        assertEquals(Door.SHUT, table.next(Door.OPEN, Act.PUSH));
        assertTrue(table.allows(Door.SHUT, Act.TURN_KEY));
    }

    @Test
    void anUnlistedPairIsAnError() {
        assertFalse(table.allows(Door.LOCKED, Act.PUSH));
        assertThrows(IllegalStateException.class, () -> table.next(Door.LOCKED, Act.PUSH));
    }

    @Test
    void aPairMayNotBeListedTwice() {
        var builder = TransitionTable.named("Door", Door.class, Act.class)
                .row(EnumSet.of(Door.OPEN), Act.PUSH, Door.SHUT, "");
        assertThrows(
                IllegalArgumentException.class,
                () -> builder.row(EnumSet.of(Door.SHUT, Door.OPEN), Act.PUSH, Door.OPEN, ""));
    }

    @Test
    void printsItsRows() {
        assertTrue(table.toMarkdown().contains("| SHUT | TURN_KEY | LOCKED | locks |"));
    }
}
