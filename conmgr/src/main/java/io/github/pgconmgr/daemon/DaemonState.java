package io.github.pgconmgr.daemon;

/** Where the daemon is in its life. */
enum DaemonState {
    /** Checks, lock, sockets. */
    STARTING,
    RUNNING,
    /** Smart stop: applications may leave, none may come. */
    DRAINING,
    /** Applications are told, instances get their GOODBYE. */
    STOPPING,
    ENDED
}
