package io.github.pgconmgr.topology;

/** Told by the heartbeat loop, on its thread: do not block, post to your own loop. */
@FunctionalInterface
public interface TopologyListener {

    /** The snapshot with the loss has been published already. */
    void onSessionsLost(SessionsLost lost);
}
