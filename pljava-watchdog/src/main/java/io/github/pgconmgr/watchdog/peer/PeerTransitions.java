package io.github.pgconmgr.watchdog.peer;

import static io.github.pgconmgr.watchdog.peer.PeerState.ADOPTED;
import static io.github.pgconmgr.watchdog.peer.PeerState.ARMED;
import static io.github.pgconmgr.watchdog.peer.PeerState.DEAD;
import static io.github.pgconmgr.watchdog.peer.PeerState.GONE;
import static io.github.pgconmgr.watchdog.peer.PeerState.GRACE;
import static io.github.pgconmgr.watchdog.peer.PeerState.LOST;
import static io.github.pgconmgr.watchdog.peer.PeerState.PROVING;

import io.github.pgconmgr.state.TransitionTable;
import java.util.Set;

/** The watchdog's table of ADR 1. A new row starts as PROVING, an adopted one as ADOPTED. Immutable. */
public final class PeerTransitions {

    /** Every transition there is; printed into docs/state-tables.md. */
    public static final TransitionTable<PeerState, PeerEvent> TABLE = TransitionTable.named(
                    "Watchdog, per conmgr", PeerState.class, PeerEvent.class)
            .row(
                    Set.of(PROVING),
                    PeerEvent.PROVEN,
                    ARMED,
                    "it has beaten for one whole timeout, which is longer than its interval")
            .row(Set.of(PROVING), PeerEvent.SILENT, GONE, "nothing: it just goes")
            .row(Set.of(PROVING), PeerEvent.CLOSED, GONE, "nothing: it just goes")
            .row(Set.of(PROVING), PeerEvent.GOODBYE_STOP, GONE, "nothing: it just goes")
            .row(Set.of(PROVING), PeerEvent.GOODBYE_RESTART, GONE, "nothing: it just goes")
            .row(Set.of(PROVING), PeerEvent.RETURNED, PROVING, "it proves itself anew on the new connection")
            .row(Set.of(PROVING), PeerEvent.RETURNED_ABNORMAL, PROVING, "it will never be armed")
            .row(Set.of(PROVING), PeerEvent.SETTINGS, PROVING, "it proves itself anew, by the new settings")
            .row(
                    Set.of(ARMED),
                    PeerEvent.SETTINGS,
                    ARMED,
                    "judged by the longer of both timeouts until it has beaten for one whole new one")
            .row(
                    Set.of(PROVING, ARMED),
                    PeerEvent.SETTINGS_ABNORMAL,
                    PROVING,
                    "its settings can no longer cost sessions")
            .row(Set.of(ARMED), PeerEvent.CLOSED, LOST, "the row stays until the timeout since the last frame")
            .row(Set.of(ARMED), PeerEvent.GOODBYE_RESTART, LOST, "the row stays until the timeout since the last frame")
            .row(Set.of(ARMED), PeerEvent.GOODBYE_STOP, DEAD, "judgement goodbye")
            .row(Set.of(ARMED), PeerEvent.SILENT, DEAD, "judgement timeout")
            .row(Set.of(LOST), PeerEvent.SILENT, DEAD, "judgement closed: the timeout since the last frame has passed")
            .row(Set.of(ADOPTED), PeerEvent.SILENT, DEAD, "judgement timeout: its timeout since adoption has passed")
            .row(Set.of(ARMED, LOST, ADOPTED), PeerEvent.MASS_SILENCE, GRACE, "one more interval, once; WARNING")
            .row(Set.of(GRACE), PeerEvent.FRAME, ARMED, "it was not dead")
            .row(Set.of(GRACE), PeerEvent.CLOSED, GRACE, "the row stays; the extra interval goes on")
            .row(Set.of(GRACE), PeerEvent.SILENT, DEAD, "judgement timeout (closed if it was lost)")
            .row(
                    Set.of(ARMED, LOST, ADOPTED, GRACE),
                    PeerEvent.RETURNED,
                    ARMED,
                    "the row goes on with the new connection and its settings")
            .row(
                    Set.of(ARMED, LOST, ADOPTED, GRACE),
                    PeerEvent.RETURNED_ABNORMAL,
                    PROVING,
                    "the row goes on, but its settings can no longer cost sessions")
            .build();

    private PeerTransitions() {}
}
