package io.github.pgconmgr.frontend;

import io.github.pgconmgr.state.TransitionTable;
import java.util.EnumSet;

/** Life of a client's connection to conmgr. */
public enum ClientPhase {
    /** The first message has not come completely. */
    FIRST_BYTES,
    /** An aware driver whose question no instance fits yet; nothing was said (route_wait, or an LSN). */
    WAITING,
    /** An aware driver has its instance; conmgr says nothing more but one notice. */
    REDIRECTED,
    /** A stock driver: the relay has its connection, which only counts here. */
    RELAYED,
    /** The last answer is on its way, or the connection is being closed without one. */
    CLOSING;

    /** What moves it on. */
    public enum Event {
        WAIT_BEGUN,
        INSTANCE_CHOSEN,
        NO_INSTANCE,
        /** A StartupMessage, an encryption or cancel request, TLS. */
        STOCK_DRIVER,
        /** Garbage, or the time is over. */
        REJECTED,
        INSTANCE_LOST,
        CONMGR_STOPS,
        /** Its connection ended; or it spoke out of turn behind its answer, which ends it. */
        CLIENT_ENDED
    }

    /** All transitions. */
    public static final TransitionTable<ClientPhase, Event> TABLE = TransitionTable.named(
                    "conmgr, per client: ClientPhase", ClientPhase.class, Event.class)
            .row(
                    EnumSet.of(FIRST_BYTES),
                    Event.WAIT_BEGUN,
                    WAITING,
                    "nothing is said, for route_wait or the driver's own limit at most")
            .row(
                    EnumSet.of(FIRST_BYTES, WAITING),
                    Event.INSTANCE_CHOSEN,
                    REDIRECTED,
                    "'c'; the session counts for its instance")
            .row(EnumSet.of(FIRST_BYTES, WAITING), Event.NO_INSTANCE, CLOSING, "'e'")
            .row(
                    EnumSet.of(FIRST_BYTES),
                    Event.STOCK_DRIVER,
                    RELAYED,
                    "its socket and what it has said go to the relay")
            .row(EnumSet.of(FIRST_BYTES, WAITING), Event.REJECTED, CLOSING, "nothing is said")
            .row(EnumSet.of(REDIRECTED), Event.INSTANCE_LOST, CLOSING, "'d'")
            .row(EnumSet.of(REDIRECTED), Event.CONMGR_STOPS, CLOSING, "'d'")
            .row(EnumSet.of(FIRST_BYTES, WAITING, REDIRECTED), Event.CLIENT_ENDED, CLOSING, "nothing is said")
            .build();
}
