package io.github.pgconmgr.relay.session;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** An address as people write it: an IPv6 one in the short form of RFC 5952, which Java does not know. Stateless. */
final class AddressText {

    private static final int GROUPS = 8;

    private AddressText() {}

    /** Without the port. */
    static String host(InetSocketAddress address) {
        InetAddress resolved = address.getAddress();
        if (resolved == null) {
            return address.getHostString();
        }
        return resolved instanceof Inet6Address ? shortened(resolved) : resolved.getHostAddress();
    }

    private static String shortened(InetAddress address) {
        ByteBuffer groups = ByteBuffer.wrap(address.getAddress());
        int gap = 0;
        int gapLength = 1;
        for (int from = 0; from < GROUPS; from++) {
            int length = zeros(groups, from);
            if (length > gapLength) {
                gap = from;
                gapLength = length;
            }
        }
        String text = gapLength == 1
                ? joined(groups, 0, GROUPS)
                : joined(groups, 0, gap) + "::" + joined(groups, gap + gapLength, GROUPS);
        String scoped = address.getHostAddress();
        int zone = scoped.indexOf('%');
        return zone < 0 ? text : text + scoped.substring(zone);
    }

    private static int zeros(ByteBuffer groups, int from) {
        int to = from;
        while (to < GROUPS && groups.getShort(Short.BYTES * to) == 0) {
            to++;
        }
        return to - from;
    }

    private static String joined(ByteBuffer groups, int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int at = from; at < to; at++) {
            text.append(at == from ? "" : ":");
            text.append(Integer.toHexString(Short.toUnsignedInt(groups.getShort(Short.BYTES * at))));
        }
        return text.toString();
    }
}
