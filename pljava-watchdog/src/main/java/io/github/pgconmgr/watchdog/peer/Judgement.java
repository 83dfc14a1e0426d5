package io.github.pgconmgr.watchdog.peer;

import io.github.pgconmgr.wire.Id128;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * A conmgr is dead and the sessions from its address end (death.md, "What dead costs"). 110 bytes in the tick format. Immutable.
 *
 * @param address whose sessions end
 * @param conmgrId who died
 * @param machineId where it ran; empty if it did not tell
 * @param silenceNanos since its last frame
 * @param spareSinceNanos on the watchdog's monotonic clock: sessions that started since then are never victims. The moment of
 *     the judgement, or the HELLO of the same machine's newer boot
 */
public record Judgement(
        PeerAddress address, Id128 conmgrId, String machineId, Reason reason, long silenceNanos, long spareSinceNanos) {

    /** Bytes in the tick format. */
    public static final int BYTES = 46 + Judgement.MACHINE_ID_BYTES;

    private static final int MACHINE_ID_BYTES = 64;
    private static final long MAX_U32 = 0xFFFF_FFFFL;

    /** Why a conmgr is dead. */
    public enum Reason {
        TIMEOUT(1),
        CLOSED(2),
        GOODBYE(3);

        private final int code;

        Reason(int code) {
            this.code = code;
        }
    }

    /** The age that C is told, in milliseconds: rounded up, so that it can spare a session but never add one. */
    public long spareNewerThanMillis(long nowNanos) {
        long ageNanos = Math.max(0, nowNanos - spareSinceNanos);
        return ageNanos / 1_000_000 + (ageNanos % 1_000_000 == 0 ? 0 : 1);
    }

    /**
     * Writes {@link #BYTES} bytes.
     *
     * @param nowNanos the time of the tick that carries it
     */
    public void encode(long nowNanos, ByteBuffer out) {
        out.put((byte) address.family());
        address.encode(out);
        conmgrId.encode(out);
        out.put((byte) reason.code);
        out.putInt((int) Math.min(MAX_U32, TimeUnit.NANOSECONDS.toMillis(silenceNanos)));
        out.putLong(spareNewerThanMillis(nowNanos));
        out.put(Arrays.copyOf(machineId.getBytes(StandardCharsets.UTF_8), MACHINE_ID_BYTES));
    }
}
