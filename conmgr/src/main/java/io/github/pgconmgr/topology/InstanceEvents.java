package io.github.pgconmgr.topology;

import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.heartbeat.Upstream;
import io.github.pgconmgr.wire.heartbeat.Welcome;

/**
 * What a heartbeat link, or a check by SQL, finds out about its instance. Called on the heartbeat loop only; times are its monotonic nanoseconds.
 */
public interface InstanceEvents {

    /**
     * The instance is ALIVE. Called after {@link #postmasterChanged} if that happened.
     *
     * @param reason how it is known, for people
     */
    void alive(long nowNanos, InstanceFacts facts, String reason);

    /** The same, as its watchdog said at {@code hostaddr}. */
    default void alive(long nowNanos, String hostaddr, Welcome welcome) {
        alive(nowNanos, InstanceFacts.of(hostaddr, welcome), "welcomed by the watchdog");
    }

    /** An instance that is ALIVE pushed a new state (T5). */
    void state(long nowNanos, InstanceState state);

    /** A BEAT, or the answer to a check, came; {@code roundTripMicros} is -1 if it measured nothing. */
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
