package io.github.pgconmgr.watchdog.peer;

import io.github.pgconmgr.wire.MalformedMessageException;
import java.nio.ByteBuffer;

/**
 * All addresses of one family with the same first bits. Immutable.
 *
 * @param bits how many of {@code first}'s bits count, from the left
 */
public record AddressBlock(PeerAddress first, int bits) {

    /** Bytes in the tick format. */
    public static final int BYTES = 1 + PeerAddress.BYTES + 1;

    /** Reads {@link #BYTES} bytes; the caller has checked that they are there. */
    public static AddressBlock decode(ByteBuffer in) throws MalformedMessageException {
        int family = Byte.toUnsignedInt(in.get());
        PeerAddress first = PeerAddress.decode(family, in);
        int bits = Byte.toUnsignedInt(in.get());
        if (bits > (first.ipv6() ? 128 : 32)) {
            throw new MalformedMessageException("address block with " + bits + " bits");
        }
        return new AddressBlock(first, bits);
    }

    boolean contains(PeerAddress address) {
        return address.ipv6() == first.ipv6()
                && same(address.high(), first.high(), Math.min(bits, 64))
                && same(address.low(), first.low(), Math.max(0, bits - 64));
    }

    private static boolean same(long one, long other, int leftBits) {
        return leftBits == 0 || (one ^ other) >>> (64 - leftBits) == 0;
    }
}
