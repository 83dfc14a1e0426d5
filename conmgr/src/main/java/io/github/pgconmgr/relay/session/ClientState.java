package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.state.TransitionTable;
import java.util.EnumSet;

/** Life of a relayed client. */
public enum ClientState {
    /** Its start-up packet has not come completely. */
    STARTING,
    /** It proves to conmgr who it is. */
    AUTHENTICATING,
    /** For an instance, a worker or a server connection. */
    WAITING,
    /** A server connection is its own. */
    ATTACHED,
    /** Transaction mode: between two transactions, without a server connection. */
    IDLE,
    /** It speaks with conmgr itself: the virtual database. */
    CONSOLE,
    /** The last answer is on its way, or the connection is being closed without one. */
    CLOSING;

    /** What moves it on. */
    public enum Event {
        MUST_PROVE,
        ACCEPTED,
        CONSOLE_WANTED,
        SERVER_GIVEN,
        TRANSACTION_ENDED,
        SPOKE,
        ENDS
    }

    /** All transitions. */
    public static final TransitionTable<ClientState, Event> TABLE = TransitionTable.named(
                    "conmgr, per relayed client: ClientState", ClientState.class, Event.class)
            .row(EnumSet.of(STARTING), Event.MUST_PROVE, AUTHENTICATING, "the first question of its authentication")
            .row(
                    EnumSet.of(STARTING, AUTHENTICATING),
                    Event.ACCEPTED,
                    WAITING,
                    "an instance, a worker, a server connection are looked for")
            .row(EnumSet.of(AUTHENTICATING), Event.CONSOLE_WANTED, CONSOLE, "it is greeted")
            .row(EnumSet.of(WAITING), Event.SERVER_GIVEN, ATTACHED, "it is greeted, unless it was before; bytes flow")
            .row(EnumSet.of(ATTACHED), Event.TRANSACTION_ENDED, IDLE, "the server connection goes back")
            .row(EnumSet.of(IDLE), Event.SPOKE, WAITING, "what it has said is kept, nothing more is read")
            .row(
                    EnumSet.of(STARTING, AUTHENTICATING, WAITING, ATTACHED, IDLE, CONSOLE),
                    Event.ENDS,
                    CLOSING,
                    "what it held goes back or is closed")
            .build();
}
