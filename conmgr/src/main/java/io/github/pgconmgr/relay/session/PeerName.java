package io.github.pgconmgr.relay.session;

import java.net.Inet6Address;
import java.net.InetSocketAddress;

/** How a peer is written in logs and status. Stateless. */
final class PeerName {

    private PeerName() {}

    static String of(InetSocketAddress address) {
        String host = AddressText.host(address);
        return (address.getAddress() instanceof Inet6Address ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
