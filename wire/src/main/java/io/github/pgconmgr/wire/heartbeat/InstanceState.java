package io.github.pgconmgr.wire.heartbeat;

import io.github.pgconmgr.wire.MalformedMessageException;
import java.nio.ByteBuffer;

/**
 * What an instance says of itself. Immutable.
 *
 * @param inRecovery a standby
 * @param readOnly default_transaction_read_only
 * @param stopping the instance is shutting down: no new sessions
 * @param timeline unsigned 32 bits
 * @param lsn write position (primary) or replay position (standby), unsigned 64 bits
 */
public record InstanceState(boolean inRecovery, boolean readOnly, boolean stopping, int timeline, long lsn) {

    /** Bytes on the wire. */
    public static final int BYTES = 1 + 4 + 8;

    private static final int IN_RECOVERY = 1;
    private static final int READ_ONLY = 2;
    private static final int STOPPING = 4;

    /**
     * Reads {@link #BYTES} bytes; the caller has checked that they are there.
     *
     * @throws MalformedMessageException if a flag is set that this version does not know
     */
    public static InstanceState decode(ByteBuffer in) throws MalformedMessageException {
        int flags = Byte.toUnsignedInt(in.get());
        if ((flags & ~(IN_RECOVERY | READ_ONLY | STOPPING)) != 0) {
            throw new MalformedMessageException("unknown state flags " + flags);
        }
        return new InstanceState(
                (flags & IN_RECOVERY) != 0,
                (flags & READ_ONLY) != 0,
                (flags & STOPPING) != 0,
                in.getInt(),
                in.getLong());
    }

    /** Writes {@link #BYTES} bytes. */
    public void encode(ByteBuffer out) {
        int flags = (inRecovery ? IN_RECOVERY : 0) | (readOnly ? READ_ONLY : 0) | (stopping ? STOPPING : 0);
        out.put((byte) flags).putInt(timeline).putLong(lsn);
    }

    /** Whether anything but the LSN differs: only that is worth a STATE frame (T5). */
    public boolean differsFrom(InstanceState other) {
        return inRecovery != other.inRecovery
                || readOnly != other.readOnly
                || stopping != other.stopping
                || timeline != other.timeline;
    }
}
