package io.github.pgconmgr.frontend;

/**
 * How many connections of applications there may be at one time (C6, C7). Immutable.
 *
 * @param most none is taken over it
 * @param room descriptors left for applications, and for the relay's connections to instances
 * @param reason why not, for the log
 */
public record ConnectionLimit(long most, long room, String reason) {

    /** No limit at all. */
    public static final ConnectionLimit NONE = new ConnectionLimit(Long.MAX_VALUE, Long.MAX_VALUE, "");

    /**
     * The smaller of {@code max_connections} (0 is none) and what file descriptors leave room for, so that heartbeats and cm_ctl
     * always find one.
     *
     * @param room descriptors left for applications
     * @param openFiles the process's limit, for the log
     */
    public static ConnectionLimit of(int maxConnections, long room, long openFiles) {
        if (maxConnections > 0 && maxConnections <= room) {
            return new ConnectionLimit(maxConnections, room, "max_connections = " + maxConnections + " is reached");
        }
        return new ConnectionLimit(room, room, "the limit of " + openFiles + " open files leaves room for " + room);
    }
}
