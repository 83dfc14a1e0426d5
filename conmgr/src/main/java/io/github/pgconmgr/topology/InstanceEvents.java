package io.github.pgconmgr.topology;

import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.heartbeat.Upstream;
import io.github.pgconmgr.wire.heartbeat.Welcome;

/**
 * What a heartbeat link finds out about its instance. Called on the heartbeat loop only; times are its monotonic nanoseconds.
 */
public interface InstanceEvents {

    /** The instance is ALIVE. Called after {@link #postmasterChanged} if that happened. */
    void alive(long nowNanos, String hostaddr, Welcome welcome);

    /** An instance that is ALIVE pushed a new state (T5). */
    void state(long nowNanos, InstanceState state);

    /** A BEAT came; {@code roundTripMicros} is -1 if it measured nothing. */
    void beat(long nowNanos, long roundTripMicros, long lsn);

    /** An instance that is ALIVE receives its write-ahead log from somebody else, or from nobody. */
    void upstream(long nowNanos, Upstream upstream);

    /** Nobody new goes there; its sessions stay. */
    void suspect(long nowNanos, String reason);

    /** Its sessions must be told, if there can be any. */
    void down(long nowNanos, String reason);

    /** The postmaster that its sessions belonged to is gone; another one answers. */
    void postmasterChanged(long nowNanos, String reason);
}
