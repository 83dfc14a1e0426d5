package io.github.pgconmgr.watchdog.peer;

import io.github.pgconmgr.wire.heartbeat.Hello;

/** A HELLO and where it came from. Immutable. */
record Arrival(long connectionId, PeerEndpoint endpoint, Hello hello) {

    PeerAddress address() {
        return endpoint.address();
    }

    boolean isAlwaysAbnormal() {
        return hello.settings().alwaysAbnormal();
    }

    @Override
    public String toString() {
        return "conmgr " + hello.conmgrId() + " at " + endpoint;
    }
}
