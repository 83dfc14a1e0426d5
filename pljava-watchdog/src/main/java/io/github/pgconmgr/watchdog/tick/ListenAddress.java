package io.github.pgconmgr.watchdog.tick;

import io.github.pgconmgr.wire.MalformedMessageException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One address of {@code watchdog.listen_addresses}. Immutable.
 *
 * @param address null stands for all addresses of both families
 */
public record ListenAddress(@Nullable InetAddress address) {

    /** All addresses of both families. */
    public static final ListenAddress ALL = new ListenAddress(null);

    /** Bytes in the tick format. */
    static final int BYTES = 1 + 16 + 4;

    /** Reads {@link #BYTES} bytes; the caller has checked that they are there. */
    static ListenAddress decode(ByteBuffer in) throws MalformedMessageException {
        int family = Byte.toUnsignedInt(in.get());
        byte[] bytes = new byte[16];
        in.get(bytes);
        int scope = in.getInt();
        try {
            return switch (family) {
                case 0 -> ALL;
                case 4 -> new ListenAddress(InetAddress.getByAddress(Arrays.copyOf(bytes, 4)));
                case 6 -> new ListenAddress(Inet6Address.getByAddress(null, bytes, scope == 0 ? -1 : scope));
                default -> throw new MalformedMessageException("listen address of family " + family);
            };
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 and 16 bytes are always an address", e);
        }
    }
}
