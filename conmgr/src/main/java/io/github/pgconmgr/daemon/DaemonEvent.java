package io.github.pgconmgr.daemon;

/** What moves the daemon through its life. */
enum DaemonEvent {
    STARTED,
    START_FAILED,
    STOP_SMART,
    STOP_FAST,
    STOP_IMMEDIATE,
    LAST_APPLICATION_LEFT,
    PARTS_STOPPED
}
