package io.github.pgconmgr.watchdog;

import io.github.pgconmgr.watchdog.peer.AllowedConmgrs;
import io.github.pgconmgr.watchdog.peer.SharedAddress;
import io.github.pgconmgr.watchdog.tick.TickInput;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.heartbeat.Upstream;
import java.util.List;

/** What the latest tick wants of the I/O thread; a newer one replaces it. Immutable. */
record Orders(
        InstanceState state,
        Upstream upstream,
        SharedAddress.Rule sharedAddress,
        AllowedConmgrs allowed,
        boolean exiting) {

    /** The orders of the first tick, which tells everything that is not nothing. */
    static Orders of(TickInput first) {
        return new Orders(
                        first.state(),
                        Upstream.NONE,
                        first.sharedAddress(),
                        new AllowedConmgrs(List.of()),
                        first.exiting())
                .after(first);
    }

    /** What holds from this tick on: it tells some things only when they are new. */
    Orders after(TickInput tick) {
        return new Orders(
                tick.state(),
                tick.upstream() == null ? upstream : tick.upstream(),
                tick.sharedAddress(),
                tick.allowed() == null ? allowed : tick.allowed(),
                tick.exiting());
    }

    /**
     * Whether the I/O thread must hear of it at once.
     *
     * @param followed whether somebody waits for each new LSN; else it goes out with the next BEAT
     */
    boolean isUrgentAfter(Orders former, boolean followed) {
        return exiting != former.exiting
                || state.differsFrom(former.state)
                || !upstream.equals(former.upstream)
                || (followed && state.lsn() != former.state.lsn());
    }
}
