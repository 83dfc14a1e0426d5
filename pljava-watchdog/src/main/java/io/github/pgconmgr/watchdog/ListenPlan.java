package io.github.pgconmgr.watchdog;

import io.github.pgconmgr.watchdog.tick.ListenAddress;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which sockets stand for {@code watchdog.listen_addresses}. PostgreSQL opens one for each address; but Java's IPv6 sockets take
 * IPv4 as well, so the address :: leaves no IPv4 address free for another socket. Stateless.
 */
final class ListenPlan {

    private ListenPlan() {}

    /**
     * One listening socket. Immutable.
     *
     * @param address where to bind; null is every address of both families
     * @param ipv4 the IPv4 addresses of ours that it serves, where it gets more than it shall; null: whatever it gets
     */
    record Socket(@Nullable InetAddress address, @Nullable Set<InetAddress> ipv4) {

        boolean servesAll() {
            return ipv4 == null;
        }

        boolean serves(InetAddress local) {
            return ipv4 == null || !(local instanceof Inet4Address) || ipv4.contains(local);
        }
    }

    static List<Socket> of(List<ListenAddress> wanted) {
        List<InetAddress> addresses = wanted.stream()
                .map(ListenAddress::address)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        boolean all4 = wanted.contains(ListenAddress.ALL) || hasAny(addresses, Inet4Address.class);
        boolean all6 = wanted.contains(ListenAddress.ALL) || hasAny(addresses, Inet6Address.class);
        if (all4 && all6) {
            return List.of(new Socket(null, null));
        }
        List<Socket> sockets = new ArrayList<>();
        Set<InetAddress> ipv4 = new HashSet<>();
        for (InetAddress address : addresses) {
            boolean is4 = address instanceof Inet4Address;
            if (is4 && all6) {
                ipv4.add(address);
            } else if (address.isAnyLocalAddress() || !(is4 ? all4 : all6)) {
                sockets.add(new Socket(address, all6 ? ipv4 : null));
            }
        }
        return sockets;
    }

    private static boolean hasAny(List<InetAddress> addresses, Class<? extends InetAddress> family) {
        Stream<InetAddress> ofFamily = addresses.stream().filter(family::isInstance);
        return ofFamily.anyMatch(InetAddress::isAnyLocalAddress);
    }
}
