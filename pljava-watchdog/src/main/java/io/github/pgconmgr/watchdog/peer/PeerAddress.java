package io.github.pgconmgr.watchdog.peer;

import io.github.pgconmgr.wire.MalformedMessageException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A conmgr's address, the key by which sessions end (L6). An IPv4-mapped IPv6 address is the IPv4 address. Immutable.
 *
 * @param ipv6 false for IPv4
 * @param high the first 8 bytes; an IPv4 address is in the first 4 of them
 * @param low the last 8 bytes; 0 for IPv4
 */
public record PeerAddress(boolean ipv6, long high, long low) {

    /** Bytes in the tick format, without the family. */
    static final int BYTES = 16;

    private static final long MAPPED_PREFIX = 0xFFFFL;

    /** The address of a socket. A scope is left out: PostgreSQL's client addresses are compared without it, too. */
    public static PeerAddress of(InetAddress address) {
        byte[] bytes = address.getAddress();
        ByteBuffer padded = ByteBuffer.wrap(Arrays.copyOf(bytes, BYTES));
        long high = padded.getLong();
        long low = padded.getLong();
        if (bytes.length == 4) {
            return new PeerAddress(false, high, 0);
        }
        boolean mapped = high == 0 && low >>> 32 == MAPPED_PREFIX;
        return mapped ? new PeerAddress(false, low << 32, 0) : new PeerAddress(true, high, low);
    }

    /** The family byte of the tick format: 4 or 6. */
    int family() {
        return ipv6 ? 6 : 4;
    }

    /** Writes 16 bytes; an IPv4 address is in the first 4. */
    void encode(ByteBuffer out) {
        out.putLong(high).putLong(low);
    }

    /** Reads 16 bytes; the caller has checked that they are there. */
    static PeerAddress decode(int family, ByteBuffer in) throws MalformedMessageException {
        long high = in.getLong();
        long low = in.getLong();
        boolean bytesBehindIpv4 = (int) high != 0 || low != 0;
        if (family == 6) {
            return new PeerAddress(true, high, low);
        }
        if (family != 4 || bytesBehindIpv4) {
            throw new MalformedMessageException("address of family " + family);
        }
        return new PeerAddress(false, high, low);
    }

    /** The usual notation. */
    @Override
    public String toString() {
        ByteBuffer all = ByteBuffer.allocate(BYTES).putLong(high).putLong(low);
        try {
            return InetAddress.getByAddress(Arrays.copyOf(all.array(), ipv6 ? 16 : 4))
                    .getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("16 and 4 bytes are always an address", e);
        }
    }
}
