package io.github.pgconmgr.relay.auth;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows down who guesses passwords: the answer to a wrong one waits 125 ms, then 250, 500, and 1 s from the fourth on, per address
 * (an IPv6 network of 64 bits counts as one). A right one is never delayed. An address is forgotten when it has not failed for a
 * minute, and the oldest when there are too many.
 *
 * <p>Confined to the relay loop.
 */
final class FailedLogins {

    /** As many addresses are remembered. */
    static final int MAX_ADDRESSES = 1024;

    static final long UNIT_NANOS = 125_000_000L;
    static final long FORGET_NANOS = 60_000_000_000L;

    private static final int MAX_DOUBLINGS = 3;
    private static final int NETWORK_BYTES = 8;

    private record Failures(int count, long lastNanos) {}

    private final Map<ByteBuffer, Failures> byAddress = new LinkedHashMap<>();

    /** How long the answer has to wait. */
    long onFailure(InetAddress peer, long nowNanos) {
        ByteBuffer key = key(peer);
        Failures before = byAddress.remove(key);
        int count = before == null || nowNanos - before.lastNanos >= FORGET_NANOS ? 0 : before.count;
        byAddress.put(key, new Failures(Math.min(count + 1, MAX_DOUBLINGS), nowNanos));
        if (byAddress.size() > MAX_ADDRESSES) {
            byAddress.remove(byAddress.keySet().iterator().next());
        }
        return UNIT_NANOS << count;
    }

    private static ByteBuffer key(InetAddress peer) {
        byte[] address = peer.getAddress();
        return ByteBuffer.wrap(peer instanceof Inet6Address ? Arrays.copyOf(address, NETWORK_BYTES) : address);
    }
}
