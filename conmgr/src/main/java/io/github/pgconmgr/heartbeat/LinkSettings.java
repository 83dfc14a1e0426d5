package io.github.pgconmgr.heartbeat;

import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;

/**
 * Interval and timeout of one link while they change (ADR 7): what conmgr.conf asks for, what was last offered to the watchdog
 * (in HELLO or SETTINGS), and what the watchdog is known to use. One offer is out at a time.
 *
 * <p>Confined to the loop that owns the link.
 */
final class LinkSettings {

    private HeartbeatSettings wanted;
    private HeartbeatSettings offered;
    private HeartbeatSettings inUse;

    LinkSettings(HeartbeatSettings settings) {
        wanted = settings;
        offered = settings;
        inUse = settings;
    }

    void want(HeartbeatSettings settings) {
        wanted = settings;
    }

    /** The watchdog uses others than wanted, and no offer is out. */
    boolean isOfferDue() {
        return offered.equals(inUse) && !wanted.equals(inUse);
    }

    /** What is wanted goes out now. */
    HeartbeatSettings offer() {
        offered = wanted;
        return offered;
    }

    /** The watchdog took the offer: it sends and judges by it. */
    void agree() {
        inUse = offered;
    }

    /** Whether this is the answer to an offer of SETTINGS that is out. */
    boolean answers(HeartbeatSettings settings) {
        return !offered.equals(inUse) && settings.equals(offered);
    }

    HeartbeatSettings inUse() {
        return inUse;
    }

    /** Silence of this length is allowed: the longest of the three, so that no change makes a silence of what was none. */
    long timeoutNanos() {
        return Math.max(inUse.timeoutNanos(), Math.max(offered.timeoutNanos(), wanted.timeoutNanos()));
    }
}
