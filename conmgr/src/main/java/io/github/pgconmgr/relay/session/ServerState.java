package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.state.TransitionTable;
import java.util.EnumSet;

/** Life of a server connection. */
public enum ServerState {
    /** The TCP connection does not stand yet. */
    DIALLING,
    /** conmgr logs in with what the client has proven. */
    LOGGING_IN,
    /** It is one client's. */
    ATTACHED,
    /** What the last client left is being cleared away; nobody may have it. */
    RESETTING,
    /** In the cache. Its reset may still be due: it is sent before anything else, with the next client's first bytes at the latest. */
    CACHED,
    /** Closed, or about to be. */
    ENDED;

    /** What moves it on. */
    public enum Event {
        CONNECTED,
        HANDED_OVER,
        LOGGED_IN,
        LEFT_CLEAN,
        LEFT_UNCLEAN,
        RESET_DONE,
        TAKEN,
        ENDS
    }

    /** All transitions. */
    public static final TransitionTable<ServerState, Event> TABLE = TransitionTable.named(
                    "conmgr, per server connection of the relay: ServerState", ServerState.class, Event.class)
            .row(EnumSet.of(DIALLING), Event.CONNECTED, LOGGING_IN, "conmgr's own start-up packet")
            .row(
                    EnumSet.of(DIALLING),
                    Event.HANDED_OVER,
                    ATTACHED,
                    "the client's start-up packet: it logs in end to end")
            .row(EnumSet.of(LOGGING_IN), Event.LOGGED_IN, ATTACHED, "its client is greeted")
            .row(EnumSet.of(ATTACHED), Event.LEFT_CLEAN, CACHED, "the reset is due within 5 ms, or none is needed")
            .row(EnumSet.of(ATTACHED), Event.LEFT_UNCLEAN, RESETTING, "reset_query_list, 5 s at most")
            .row(EnumSet.of(RESETTING), Event.RESET_DONE, CACHED, "its worker is free")
            .row(EnumSet.of(CACHED), Event.TAKEN, ATTACHED, "for a client with the same key")
            .row(
                    EnumSet.of(DIALLING, LOGGING_IN, ATTACHED, RESETTING, CACHED),
                    Event.ENDS,
                    ENDED,
                    "whoever held it is told")
            .build();
}
