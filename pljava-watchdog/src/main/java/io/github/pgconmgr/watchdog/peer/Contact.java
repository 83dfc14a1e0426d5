package io.github.pgconmgr.watchdog.peer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What of a peer row is only there to be looked at; nothing is judged by it. 52 bytes in the tick format. Immutable.
 *
 * @param connectedAtMicros when its connection was accepted, since 1970 UTC
 * @param lastFrameAtMicros when its last frame came, since 1970 UTC
 * @param roundTripMicros the last one measured; {@link #NO_ROUND_TRIP} if there is none
 * @param softwareVersion what it says of itself, cut to {@link #VERSION_BYTES}
 */
public record Contact(long connectedAtMicros, long lastFrameAtMicros, int roundTripMicros, String softwareVersion) {

    /** Bytes in the tick format. */
    static final int BYTES = 8 + 8 + 4 + Contact.VERSION_BYTES;

    /** All bits set. */
    public static final int NO_ROUND_TRIP = -1;

    /** Most characters of a version. */
    public static final int VERSION_BYTES = 32;

    /** Of a row that was adopted. */
    public static final Contact NONE = new Contact(0, 0, NO_ROUND_TRIP, "");

    /** Writes {@link #BYTES} bytes; in the version, what is not ASCII becomes '?', as C does not know the encoding. */
    void encode(ByteBuffer out) {
        byte[] version = softwareVersion.getBytes(StandardCharsets.US_ASCII);
        out.putLong(connectedAtMicros).putLong(lastFrameAtMicros).putInt(roundTripMicros);
        out.put(Arrays.copyOf(version, VERSION_BYTES));
    }
}
