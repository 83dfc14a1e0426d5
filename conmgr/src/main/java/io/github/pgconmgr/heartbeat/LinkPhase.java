package io.github.pgconmgr.heartbeat;

import io.github.pgconmgr.state.TransitionTable;
import java.util.EnumSet;

/** Where a link's connection stands (ADR 1). */
public enum LinkPhase {
    /** No connection; the next attempt has its time. */
    WAITING,
    /** TCP connect, name resolution included. */
    CONNECTING,
    /** HELLO is out, WELCOME is awaited. */
    GREETING,
    /** Both sides send BEATs. */
    BEATING;

    /** What moves a link on. */
    public enum Event {
        ATTEMPT_DUE,
        CONNECTED,
        WELCOMED,
        /** Refused, closed, wrong answer, or heartbeat_connect_timeout is over. */
        ATTEMPT_FAILED,
        /** Silent, closed, protocol error or goodbye, after WELCOME. */
        LINK_ENDED,
        /** conmgr itself ends the link. */
        STOPPED
    }

    /** All transitions. */
    public static final TransitionTable<LinkPhase, Event> TABLE = TransitionTable.named(
                    "conmgr, per instance: LinkPhase", LinkPhase.class, Event.class)
            .row(EnumSet.of(WAITING), Event.ATTEMPT_DUE, CONNECTING, "heartbeat_connect_timeout runs from here")
            .row(EnumSet.of(CONNECTING), Event.CONNECTED, GREETING, "HELLO")
            .row(EnumSet.of(GREETING), Event.WELCOMED, BEATING, "first BEAT at once")
            .row(
                    EnumSet.of(CONNECTING, GREETING),
                    Event.ATTEMPT_FAILED,
                    WAITING,
                    "next attempt heartbeat_connect_interval from now")
            .row(
                    EnumSet.of(BEATING),
                    Event.LINK_ENDED,
                    WAITING,
                    "next attempt at once after a close, but heartbeat_connect_interval after the last one's start;"
                            + " else heartbeat_connect_interval from now")
            .row(
                    EnumSet.allOf(LinkPhase.class),
                    Event.STOPPED,
                    WAITING,
                    "GOODBYE, if there is a connection; no next attempt")
            .build();
}
