package io.github.pgconmgr.watchdog;

import io.github.pgconmgr.watchdog.peer.SharedAddress;
import io.github.pgconmgr.watchdog.tick.TickInput;
import io.github.pgconmgr.wire.heartbeat.InstanceState;

/** What the latest tick wants of the I/O thread; a newer one replaces it. Immutable. */
record Orders(InstanceState state, SharedAddress.Rule sharedAddress, boolean exiting) {

    static Orders of(TickInput tick) {
        return new Orders(tick.state(), tick.sharedAddress(), tick.exiting());
    }

    /** Whether the I/O thread must hear of it at once. A new LSN alone goes out with the next BEAT. */
    boolean isUrgentAfter(Orders former) {
        return exiting != former.exiting || state.differsFrom(former.state);
    }
}
