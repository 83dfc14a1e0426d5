package io.github.pgconmgr.attribute;

import io.github.pgconmgr.state.TransitionTable;
import java.util.EnumSet;

/** Where the connection for checks by SQL stands (ADR 10). */
public enum CheckPhase {
    /** No connection; the next attempt has its time. */
    WAITING,
    /** Name resolution, TCP, TLS, authentication, first answer. */
    CONNECTING,
    /** The connection stands, the next check has its time. */
    RESTING,
    /** A question is out. */
    CHECKING;

    /** What moves a link on. */
    public enum Event {
        ATTEMPT_DUE,
        ANSWERED,
        CHECK_DUE,
        /** An error, no answer, or heartbeat_connect_timeout is over. */
        ATTEMPT_FAILED,
        /** An error, a lost connection, or silence, after the first answer. */
        LOST,
        /** A smart stop of the instance waits for us. */
        LEFT,
        /** conmgr stops. */
        STOPPED
    }

    /** All transitions. */
    public static final TransitionTable<CheckPhase, Event> TABLE = TransitionTable.named(
                    "conmgr, per instance checked by SQL: CheckPhase", CheckPhase.class, Event.class)
            .row(EnumSet.of(WAITING), Event.ATTEMPT_DUE, CONNECTING, "heartbeat_connect_timeout runs from here")
            .row(EnumSet.of(CONNECTING, CHECKING), Event.ANSWERED, RESTING, "next check check_interval after this one")
            .row(EnumSet.of(RESTING), Event.CHECK_DUE, CHECKING, "one question at a time")
            .row(
                    EnumSet.of(CONNECTING),
                    Event.ATTEMPT_FAILED,
                    WAITING,
                    "next attempt heartbeat_connect_interval from now")
            .row(
                    EnumSet.of(CHECKING),
                    Event.LOST,
                    WAITING,
                    "next attempt at once, but heartbeat_connect_interval after the last one's start; after silence"
                            + " heartbeat_connect_interval from now")
            .row(
                    EnumSet.of(RESTING, CHECKING),
                    Event.LEFT,
                    WAITING,
                    "the watchdog said so; next attempt heartbeat_connect_interval from now")
            .row(EnumSet.allOf(CheckPhase.class), Event.STOPPED, WAITING, "no next attempt")
            .build();
}
