package io.github.pgconmgr.wire.heartbeat;

import io.github.pgconmgr.wire.MalformedMessageException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/** One link's interval and timeout, as conmgr.conf gave them and both sides use them (L4). Immutable. */
public record HeartbeatSettings(int intervalMillis, int timeoutMillis) {

    static final int BYTES = 8;

    /**
     * @throws IllegalArgumentException unless both are at least 1 ms
     */
    public HeartbeatSettings {
        if (intervalMillis < 1 || timeoutMillis < 1) {
            throw new IllegalArgumentException("interval " + intervalMillis + " ms, timeout " + timeoutMillis + " ms");
        }
    }

    static HeartbeatSettings decode(ByteBuffer in) throws MalformedMessageException {
        int interval = in.getInt();
        int timeout = in.getInt();
        if (interval < 1 || timeout < 1) {
            throw new MalformedMessageException("interval or timeout out of range");
        }
        return new HeartbeatSettings(interval, timeout);
    }

    void encode(ByteBuffer out) {
        out.putInt(intervalMillis).putInt(timeoutMillis);
    }

    /** Time between two BEATs of one side, in nanoseconds. */
    public long intervalNanos() {
        return TimeUnit.MILLISECONDS.toNanos(intervalMillis);
    }

    /** Silence longer than this is a silent peer, in nanoseconds. */
    public long timeoutNanos() {
        return TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    }

    /** Legal, and always judged abnormal (C4). */
    public boolean alwaysAbnormal() {
        return timeoutMillis <= intervalMillis;
    }
}
