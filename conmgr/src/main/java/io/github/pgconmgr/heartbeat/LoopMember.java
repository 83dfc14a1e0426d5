package io.github.pgconmgr.heartbeat;

import io.github.pgconmgr.config.HeartbeatConfig;

/**
 * A core that is judged by the turns of the heartbeat loop beside the heartbeat links. Confined to that loop, which calls every
 * method; times are its monotonic nanoseconds.
 */
public interface LoopMember {

    /** The instance number. */
    int number();

    /** Begin. */
    void onStart(long nowNanos);

    /** The loop woke so much later than it had planned. */
    void onStall(long nowNanos, long stallNanos);

    /** Judge every deadline; all input that has arrived has been handed over. */
    void onTick(long nowNanos);

    /** Another configuration holds from now on. */
    void onReload(long nowNanos, HeartbeatConfig changed);

    /** conmgr stops: nothing is called afterwards. */
    void onStop(long nowNanos);

    /** When to tick next at the latest. */
    long nextDeadlineNanos();
}
