package io.github.pgconmgr.log;

import io.github.pgconmgr.state.TransitionTable;
import java.util.EnumSet;

/** Life of the connection to the syslog daemon. */
public enum SyslogPhase {
    /** Not connected; the next attempt comes when its time has come. */
    AWAY,
    CONNECTING,
    /** Connected, and nothing is waiting. */
    IDLE,
    /** One datagram is with the kernel, for as long as the daemon's queue is full. */
    SENDING,
    CLOSED;

    /** What moves it on. */
    public enum Event {
        ATTEMPT,
        CONNECTED,
        LINE,
        SENT,
        FAILED,
        CLOSE
    }

    /** All transitions. */
    public static final TransitionTable<SyslogPhase, Event> TABLE = TransitionTable.named(
                    "conmgr, log to syslog: SyslogPhase", SyslogPhase.class, Event.class)
            .row(EnumSet.of(AWAY), Event.ATTEMPT, CONNECTING, "the socket is connected")
            .row(EnumSet.of(CONNECTING), Event.CONNECTED, IDLE, "what waits is sent")
            .row(EnumSet.of(IDLE), Event.LINE, SENDING, "one datagram goes out")
            .row(EnumSet.of(SENDING), Event.SENT, IDLE, "then the next one, if any")
            .row(
                    EnumSet.of(CONNECTING, IDLE, SENDING),
                    Event.FAILED,
                    AWAY,
                    "the datagram is kept; the next attempt comes at once if this connection had worked, else after 1 s, and stderr says so once")
            .row(EnumSet.of(AWAY, CONNECTING, IDLE, SENDING), Event.CLOSE, CLOSED, "what still waits is given up")
            .build();
}
