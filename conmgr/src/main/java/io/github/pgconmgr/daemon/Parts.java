package io.github.pgconmgr.daemon;

import io.github.pgconmgr.admin.ApplicationStatus;
import io.github.pgconmgr.admin.AwaitScope;
import io.github.pgconmgr.admin.ControlTarget;
import io.github.pgconmgr.admin.InstanceStatus;
import io.github.pgconmgr.admin.PoolStatus;
import io.github.pgconmgr.admin.TopologyReport;
import io.github.pgconmgr.config.ConmgrConfig;
import io.github.pgconmgr.config.LoadedConfig;
import io.github.pgconmgr.wire.heartbeat.Goodbye;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Heartbeats, topology and front end, as the daemon sees them. Methods say which thread may call them. */
interface Parts {

    /** What {@code cm_ctl status} shows of them. Immutable. */
    record Status(List<InstanceStatus> instances, List<ApplicationStatus> applications, PoolStatus pool) {}

    /**
     * Opens the port and starts the heartbeats. Main thread, once.
     *
     * @param onTopologyChanged called on any thread, must not block
     * @throws StartException if the port cannot be opened
     */
    void start(Runnable onTopologyChanged) throws StartException;

    /**
     * Refuses new applications from now on. Main thread.
     *
     * @param onLastLeft called once, on any thread, as soon as no application holds a connection
     */
    void drain(Runnable onLastLeft);

    /** Another configuration holds from now on, see {@link ConmgrConfig#reloadedFrom}. Main thread; does not wait. */
    void reload(LoadedConfig loaded);

    /**
     * Tells applications and instances that it is over. Any thread; blocks for a few seconds at most.
     *
     * @param reason what the instances are told
     */
    void stop(Goodbye.Reason reason);

    /** Whether the heartbeats of that scope stand. Any thread; never blocks. */
    boolean stands(AwaitScope scope);

    /** How they fare, in one line. Any thread; never blocks. */
    String statusLine();

    /**
     * Their status. Any thread but the parts' own; blocks for a limited time.
     *
     * @throws TimeoutException if a part does not answer in time
     */
    Status status() throws TimeoutException, InterruptedException;

    /**
     * See {@link ControlTarget#topology}. Any thread but the parts' own; blocks for a limited time.
     *
     * @throws TimeoutException if a part does not answer in time
     */
    TopologyReport topology() throws TimeoutException, InterruptedException;

    /**
     * See {@link ControlTarget#forgetTimeline}. Any thread but the parts' own; blocks for a limited time.
     *
     * @throws TimeoutException if the heartbeat loop does not answer in time
     */
    String forgetTimeline(boolean really) throws TimeoutException, InterruptedException;
}
