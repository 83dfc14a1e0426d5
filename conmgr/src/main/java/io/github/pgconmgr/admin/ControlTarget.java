package io.github.pgconmgr.admin;

import java.util.concurrent.TimeoutException;

/** What the control socket asks of the conmgr behind it; called on the admin thread. */
public interface ControlTarget {

    /**
     * The status of everything. May block, for {@link ControlLimits#STATUS} at most.
     *
     * @throws TimeoutException if a part of conmgr does not answer
     * @throws InterruptedException if the admin thread is ended meanwhile
     */
    StatusReport status() throws TimeoutException, InterruptedException;

    /** Whether the heartbeats of that scope stand now. Never blocks. */
    boolean stands(AwaitScope scope);

    /**
     * Reads conmgr.conf again. May block, for {@link ControlLimits#STATUS} at most.
     *
     * @throws TimeoutException if conmgr is stuck; whether anything was changed is not known then
     * @throws InterruptedException if the admin thread is ended meanwhile
     */
    ReloadReport reload() throws TimeoutException, InterruptedException;

    /**
     * The picture of the instances. May block, for twice {@link ControlLimits#STATUS} at most.
     *
     * @throws TimeoutException if a part of conmgr does not answer
     * @throws InterruptedException if the admin thread is ended meanwhile
     */
    TopologyReport topology() throws TimeoutException, InterruptedException;

    /**
     * Tells what the fencing remembers, for people, each line ended; and forgets it. May block, for
     * {@link ControlLimits#STATUS} at most.
     *
     * @param really whether it is forgotten
     * @throws TimeoutException if conmgr is stuck; whether it was forgotten is not known then
     * @throws InterruptedException if the admin thread is ended meanwhile
     */
    String forgetTimeline(boolean really) throws TimeoutException, InterruptedException;

    /**
     * Asks for the end; comes back at once.
     *
     * @param restart another conmgr follows
     */
    void stop(StopMode mode, boolean restart);
}
