package io.github.pgconmgr.admin;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One instance as conmgr sees it. Immutable.
 *
 * @param number the instance number
 * @param host as configured
 * @param port the postmaster's
 * @param seen what its watchdog last said
 * @param liveness the state's name
 * @param since when it got into that state; null while nothing has become of it
 * @param sessions applications that were sent there and still hold their connection to conmgr
 * @param reason why it is as it is; empty if there is nothing to say
 * @param remark what is to be known of its checks by SQL; empty if there is nothing to say
 */
public record InstanceStatus(
        int number,
        String host,
        int port,
        Seen seen,
        String liveness,
        @Nullable Instant since,
        int sessions,
        String reason,
        String remark) {

    /** All that there is to say, in one line for people. */
    String words() {
        if (remark.isEmpty() || reason.isEmpty() || remark.contains(reason)) {
            return remark.isEmpty() ? reason : remark;
        }
        return reason + "; " + remark;
    }

    /**
     * What the instance, or its watchdog, last said; nothing of it is known until it was ALIVE once. Immutable.
     *
     * @param attribute primary or standby
     * @param timeline unsigned
     * @param lsn unsigned
     * @param roundTripMicros of the last beat or check; negative if it is not known
     * @param replayLagMillis of a standby; negative if it is not known
     */
    public record Seen(String attribute, int timeline, long lsn, long roundTripMicros, long replayLagMillis) {

        /** Without a time of replay. */
        public Seen(String attribute, int timeline, long lsn, long roundTripMicros) {
            this(attribute, timeline, lsn, roundTripMicros, -1);
        }

        /** Nothing is known. */
        public static final Seen NOTHING = new Seen("-", 0, 0, -1);
    }
}
