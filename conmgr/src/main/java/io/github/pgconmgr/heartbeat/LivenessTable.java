package io.github.pgconmgr.heartbeat;

import static io.github.pgconmgr.topology.Liveness.ALIVE;
import static io.github.pgconmgr.topology.Liveness.DOWN;
import static io.github.pgconmgr.topology.Liveness.SUSPECT;
import static io.github.pgconmgr.topology.Liveness.UNKNOWN;

import io.github.pgconmgr.state.TransitionTable;
import io.github.pgconmgr.topology.Liveness;
import java.util.EnumSet;

/** When conmgr takes an instance for dead (ADR 1, "conmgr, per instance"). Immutable. */
public final class LivenessTable {

    /** What happens to an instance, as its link sees it. */
    public enum Event {
        /** WELCOME from an instance that is not SUSPECT, or from the same postmaster. */
        WELCOMED,
        /** WELCOME from another postmaster than the one whose sessions we still hold. */
        NEW_POSTMASTER,
        /** WELCOME, but timeout &lt;= interval (C4). */
        ALWAYS_ABNORMAL,
        ATTEMPT_FAILED,
        /** Closed, protocol error, goodbye stop or restart. */
        CLOSED,
        INSTANCE_STOPPING,
        BACKEND_REFUSED,
        /** Nothing for longer than the timeout since the last frame. */
        SILENT
    }

    /** All transitions. */
    public static final TransitionTable<Liveness, Event> TABLE = TransitionTable.named(
                    "conmgr, per instance: Liveness", Liveness.class, Event.class)
            .row(EnumSet.of(UNKNOWN), Event.ATTEMPT_FAILED, DOWN, "nobody to tell")
            .row(EnumSet.of(SUSPECT), Event.ATTEMPT_FAILED, SUSPECT, "tries again")
            .row(EnumSet.of(DOWN), Event.ATTEMPT_FAILED, DOWN, "tries again")
            .row(EnumSet.of(UNKNOWN, DOWN), Event.WELCOMED, ALIVE, "routing, whatever the postmaster's start time")
            .row(EnumSet.of(UNKNOWN, DOWN), Event.ALWAYS_ABNORMAL, DOWN, "never routed to: timeout <= interval")
            .row(EnumSet.of(ALIVE), Event.SILENT, DOWN, "notice to every client session, channel closed")
            .row(EnumSet.of(ALIVE), Event.CLOSED, SUSPECT, "no routing; reconnect at once; try backend_port")
            .row(EnumSet.of(ALIVE, SUSPECT), Event.INSTANCE_STOPPING, DOWN, "notice")
            .row(EnumSet.of(SUSPECT), Event.WELCOMED, ALIVE, "nobody is told")
            .row(EnumSet.of(SUSPECT), Event.NEW_POSTMASTER, ALIVE, "notice to the sessions of the old postmaster first")
            .row(EnumSet.of(SUSPECT), Event.BACKEND_REFUSED, DOWN, "notice")
            .row(EnumSet.of(SUSPECT), Event.SILENT, DOWN, "notice")
            .row(
                    EnumSet.of(DOWN),
                    Event.SILENT,
                    DOWN,
                    "only on a link with timeout <= interval: channel closed, tries again")
            .row(EnumSet.of(DOWN), Event.CLOSED, DOWN, "only on a link with timeout <= interval: tries again")
            .row(EnumSet.of(DOWN), Event.INSTANCE_STOPPING, DOWN, "tries again")
            .row(EnumSet.of(UNKNOWN), Event.INSTANCE_STOPPING, DOWN, "nobody to tell")
            .build();

    private LivenessTable() {}
}
