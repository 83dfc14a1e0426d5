package io.github.pgconmgr.jdbc;

import io.github.pgconmgr.state.TransitionTable;
import java.util.Set;

/** The life of a redirected connection, as its {@link Watch} sees it. Immutable. */
enum WatchState {
    /** Stage 2 is under way; its sockets come and go. */
    CONNECTING,
    /** The application has its connection. */
    WATCHING,
    /** conmgr said, or by its end made us believe, that the instance is gone. */
    DOWN,
    /** The application, or a failed stage 2, has closed it. */
    RELEASED;

    /** What can happen to it. */
    enum Event {
        CONNECTED,
        NOTICE,
        CLOSED
    }

    /** Notice, close and the end of stage 2 come from three threads, so each may be the last to arrive. */
    static final TransitionTable<WatchState, Event> TABLE = TransitionTable.named(
                    "JDBC: watched connection", WatchState.class, Event.class)
            .row(Set.of(CONNECTING), Event.CONNECTED, WATCHING, "the application gets its connection")
            .row(
                    Set.of(CONNECTING, WATCHING),
                    Event.NOTICE,
                    DOWN,
                    "all sockets to the instance are closed, then conmgr's")
            .row(Set.of(CONNECTING, WATCHING), Event.CLOSED, RELEASED, "conmgr's channel is closed")
            .row(Set.of(DOWN), Event.CONNECTED, DOWN, "the connection fails, the next host is tried")
            .row(Set.of(DOWN), Event.NOTICE, DOWN, "nothing")
            .row(Set.of(DOWN), Event.CLOSED, DOWN, "nothing")
            .row(Set.of(RELEASED), Event.CONNECTED, RELEASED, "the connection fails")
            .row(Set.of(RELEASED), Event.NOTICE, RELEASED, "nothing")
            .row(Set.of(RELEASED), Event.CLOSED, RELEASED, "nothing")
            .build();
}
