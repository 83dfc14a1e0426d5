package io.github.pgconmgr.watchdog.tick;

import io.github.pgconmgr.watchdog.peer.AddressBlock;
import io.github.pgconmgr.watchdog.peer.AllowedConmgrs;
import io.github.pgconmgr.watchdog.peer.PeerRow;
import io.github.pgconmgr.watchdog.peer.SharedAddress;
import io.github.pgconmgr.wire.MalformedMessageException;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.heartbeat.SharedSecret;
import io.github.pgconmgr.wire.heartbeat.Upstream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What C says in a tick. Immutable.
 *
 * @param exiting send GOODBYE "instance stopping"
 * @param allowed {@code watchdog.allowed_conmgrs}; null if it has not been set anew since the last tick
 * @param upstream where the instance receives its write-ahead log from; null if that is as at the last tick
 * @param firstTick null on all but the first call
 */
public record TickInput(
        boolean exiting,
        InstanceState state,
        SharedAddress.Rule sharedAddress,
        @Nullable AllowedConmgrs allowed,
        @Nullable Upstream upstream,
        @Nullable FirstTick firstTick) {

    /** Version of both tick formats. */
    static final int FORMAT_VERSION = 1;

    private static final int FIRST = 1;
    private static final int EXITING = 2;
    private static final int ALLOWED = 4;
    private static final int UPSTREAM = 8;

    /**
     * Decodes a tick.
     *
     * @throws MalformedMessageException if C and Java do not speak the same format; the worker must end
     */
    public static TickInput decode(byte[] bytes) throws MalformedMessageException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            TickInput input = decode(in);
            if (in.hasRemaining()) {
                throw new MalformedMessageException(in.remaining() + " bytes behind the tick");
            }
            return input;
        } catch (BufferUnderflowException e) {
            throw new MalformedMessageException("tick of " + bytes.length + " bytes is too short");
        }
    }

    private static TickInput decode(ByteBuffer in) throws MalformedMessageException {
        int version = Short.toUnsignedInt(in.getShort());
        if (version != FORMAT_VERSION) {
            throw new MalformedMessageException("tick format " + version + ", this is " + FORMAT_VERSION);
        }
        int flags = Byte.toUnsignedInt(in.get());
        if ((flags & ~(FIRST | EXITING | ALLOWED | UPSTREAM)) != 0) {
            throw new MalformedMessageException("unknown tick flags " + flags);
        }
        InstanceState state = InstanceState.decode(in);
        SharedAddress.Rule rule = switch (in.get()) {
            case 0 -> SharedAddress.Rule.SPARE;
            case 1 -> SharedAddress.Rule.END;
            default -> throw new MalformedMessageException("unknown value of watchdog.shared_address");
        };
        AllowedConmgrs allowed = (flags & ALLOWED) == 0 ? null : decodeAllowed(in);
        Upstream upstream = (flags & UPSTREAM) == 0 ? null : decodeUpstream(in);
        FirstTick firstTick = (flags & FIRST) == 0 ? null : decodeFirst(in);
        if (firstTick != null && allowed == null) {
            throw new MalformedMessageException("a first tick that does not say who may connect");
        }
        return new TickInput((flags & EXITING) != 0, state, rule, allowed, upstream, firstTick);
    }

    private static Upstream decodeUpstream(ByteBuffer in) throws MalformedMessageException {
        int length = Short.toUnsignedInt(in.getShort());
        if (length > in.remaining()) {
            throw new MalformedMessageException("upstream of " + length + " bytes");
        }
        ByteBuffer upstream = in.slice(in.position(), length);
        in.position(in.position() + length);
        return Upstream.decode(upstream);
    }

    private static AllowedConmgrs decodeAllowed(ByteBuffer in) throws MalformedMessageException {
        List<AddressBlock> blocks = new ArrayList<>();
        for (int left = Short.toUnsignedInt(in.getShort()); left > 0; left--) {
            blocks.add(AddressBlock.decode(in));
        }
        return new AllowedConmgrs(blocks);
    }

    private static FirstTick decodeFirst(ByteBuffer in) throws MalformedMessageException {
        int port = Short.toUnsignedInt(in.getShort());
        int maxPeers = in.getInt();
        long systemIdentifier = in.getLong();
        long postmasterStart = in.getLong();
        int wakeDescriptor = in.getInt();
        SharedSecret secret = decodeSecret(in);
        List<ListenAddress> listenOn = new ArrayList<>();
        for (int left = Short.toUnsignedInt(in.getShort()); left > 0; left--) {
            listenOn.add(ListenAddress.decode(in));
        }
        int count = in.getInt();
        if (count < 0 || count > in.remaining() / PeerRow.BYTES) {
            throw new MalformedMessageException(count + " peer rows in " + in.remaining() + " bytes");
        }
        List<PeerRow> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            decodeRow(in.slice(in.position(), PeerRow.BYTES), rows);
            in.position(in.position() + PeerRow.BYTES);
        }
        return new FirstTick(
                port,
                maxPeers,
                systemIdentifier,
                postmasterStart,
                wakeDescriptor,
                secret,
                listenOn,
                rows,
                count - rows.size());
    }

    private static @Nullable SharedSecret decodeSecret(ByteBuffer in) throws MalformedMessageException {
        int length = Short.toUnsignedInt(in.getShort());
        if (length == 0) {
            return null;
        }
        if (length < SharedSecret.MIN_BYTES || length > SharedSecret.MAX_BYTES || length > in.remaining()) {
            throw new MalformedMessageException("shared secret of an impossible length");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new SharedSecret(bytes);
    }

    /** A row that cannot be read is left out: failing would fail again after each restart of the worker. */
    private static void decodeRow(ByteBuffer row, List<PeerRow> rows) {
        try {
            rows.add(PeerRow.decode(row));
        } catch (MalformedMessageException e) {
            return;
        }
    }
}
