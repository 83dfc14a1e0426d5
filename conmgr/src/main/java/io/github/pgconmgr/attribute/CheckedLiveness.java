package io.github.pgconmgr.attribute;

import static io.github.pgconmgr.topology.Liveness.ALIVE;
import static io.github.pgconmgr.topology.Liveness.DOWN;
import static io.github.pgconmgr.topology.Liveness.SUSPECT;
import static io.github.pgconmgr.topology.Liveness.UNKNOWN;

import io.github.pgconmgr.state.TransitionTable;
import io.github.pgconmgr.topology.Liveness;
import java.util.EnumSet;

/** When conmgr takes an instance for dead that is checked by SQL (ADR 10). Immutable. */
public final class CheckedLiveness {

    /** What happens to an instance, as its checks see it. */
    public enum Event {
        /** Facts from an instance that is not SUSPECT, or from the same postmaster. */
        ANSWERED,
        /** Facts from another postmaster than the one whose sessions we still hold. */
        NEW_POSTMASTER,
        /** Facts, but timeout &lt;= check_interval or heartbeat_interval (C4). */
        ALWAYS_ABNORMAL,
        /** An attempt that ended with an error of the server's, or with nothing. */
        ATTEMPT_FAILED,
        /** The connection ended, or a check on it ended with an error. */
        LOST,
        /** {@code backend_port} refuses connections. */
        REFUSED,
        /** No answer, not even an error, for longer than the timeout. */
        SILENT
    }

    /** All transitions. */
    public static final TransitionTable<Liveness, Event> TABLE = TransitionTable.named(
                    "conmgr, per instance checked by SQL: Liveness", Liveness.class, Event.class)
            .row(EnumSet.of(UNKNOWN, DOWN), Event.ANSWERED, ALIVE, "routing, whatever the postmaster's start time")
            .row(EnumSet.of(ALIVE), Event.ANSWERED, ALIVE, "its facts are as it says")
            .row(EnumSet.of(SUSPECT), Event.ANSWERED, ALIVE, "nobody is told")
            .row(EnumSet.of(SUSPECT), Event.NEW_POSTMASTER, ALIVE, "notice to the sessions of the old postmaster first")
            .row(EnumSet.of(UNKNOWN, DOWN), Event.ALWAYS_ABNORMAL, DOWN, "never routed to: timeout <= interval")
            .row(EnumSet.of(UNKNOWN), Event.ATTEMPT_FAILED, DOWN, "nobody to tell")
            .row(EnumSet.of(SUSPECT), Event.ATTEMPT_FAILED, SUSPECT, "tries again; an error counts as a sign of life")
            .row(EnumSet.of(DOWN), Event.ATTEMPT_FAILED, DOWN, "tries again")
            .row(EnumSet.of(ALIVE), Event.LOST, SUSPECT, "no routing; connects again at once")
            .row(EnumSet.of(DOWN), Event.LOST, DOWN, "only with timeout <= interval: tries again")
            .row(EnumSet.of(UNKNOWN, DOWN), Event.REFUSED, DOWN, "tries again")
            .row(EnumSet.of(SUSPECT), Event.REFUSED, DOWN, "notice")
            .row(EnumSet.of(ALIVE, SUSPECT), Event.SILENT, DOWN, "notice to every client session")
            .row(EnumSet.of(DOWN), Event.SILENT, DOWN, "only with timeout <= interval: tries again")
            .build();

    private CheckedLiveness() {}
}
