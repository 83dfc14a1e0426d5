package io.github.pgconmgr.watchdog;

import io.github.pgconmgr.watchdog.peer.AllowedConmgrs;
import io.github.pgconmgr.watchdog.peer.SharedAddress;
import io.github.pgconmgr.watchdog.tick.TickInput;
import io.github.pgconmgr.wire.heartbeat.InstanceState;

/** What the latest tick wants of the I/O thread; a newer one replaces it. Immutable. */
record Orders(InstanceState state, SharedAddress.Rule sharedAddress, AllowedConmgrs allowed, boolean exiting) {

    /**
     * @param known who was allowed until this tick, which tells it only when it is new
     */
    static Orders of(TickInput tick, AllowedConmgrs known) {
        AllowedConmgrs allowed = tick.allowed() == null ? known : tick.allowed();
        return new Orders(tick.state(), tick.sharedAddress(), allowed, tick.exiting());
    }

    /** Whether the I/O thread must hear of it at once. A new LSN alone goes out with the next BEAT. */
    boolean isUrgentAfter(Orders former) {
        return exiting != former.exiting || state.differsFrom(former.state);
    }
}
