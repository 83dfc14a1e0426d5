package io.github.pgconmgr.topology;

/** What checks by SQL find out about their instance. Called on the heartbeat loop only. */
public interface CheckEvents extends InstanceEvents {

    /** An instance that is ALIVE answered again. */
    void checked(long nowNanos, InstanceFacts facts);

    /**
     * What people must know of the checks beside the instance's liveness, such as why the last one failed.
     *
     * @param text as a status shows it; empty if there is nothing to say any more
     */
    void remark(long nowNanos, String text);
}
