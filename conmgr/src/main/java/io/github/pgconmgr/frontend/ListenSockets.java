package io.github.pgconmgr.frontend;

import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.log.Message;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.group.ChannelGroup;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Opens the sockets of {@code listen_addresses}. A name may have an address that this host does not (localhost's ::1 where IPv6 is
 * off): that one is left out with a warning as long as the name has another.
 *
 * <p>Confined to the one call of {@link Frontend#start}.
 */
final class ListenSockets {

    private static final String ALL = "*";

    private final ServerBootstrap server;
    private final Log log;

    ListenSockets(ServerBootstrap server, Log log) {
        this.server = server;
        this.log = log;
    }

    /**
     * Opens all or none. Blocks.
     *
     * @throws ListenException names the address that failed
     */
    void open(List<String> names, int wantedPort, ChannelGroup listeners) throws ListenException {
        int port = wantedPort;
        try {
            for (String name : names) {
                for (InetAddress address : addresses(name)) {
                    InetSocketAddress socket = new InetSocketAddress(address, port);
                    ChannelFuture bound = server.bind(socket).awaitUninterruptibly();
                    if (!bound.isSuccess()) {
                        throw failure(NetUtil.toSocketAddressString(socket), bound.cause());
                    }
                    listeners.add(bound.channel());
                    // Port 0 means any: the other addresses then get the same.
                    port = ((InetSocketAddress) bound.channel().localAddress()).getPort();
                }
            }
        } catch (ListenException e) {
            listeners.close().awaitUninterruptibly();
            throw e;
        }
    }

    private List<InetAddress> addresses(String name) throws ListenException {
        if (name.equals(ALL)) {
            return List.of(new InetSocketAddress(0).getAddress());
        }
        InetAddress[] found;
        try {
            found = InetAddress.getAllByName(name);
        } catch (UnknownHostException e) {
            throw failure("\"" + name + "\"", e);
        }
        List<InetAddress> local =
                List.of(found).stream().filter(ListenSockets::isLocal).toList();
        List<InetAddress> used = local.isEmpty() ? List.of(found) : local;
        for (InetAddress address : found) {
            if (!used.contains(address)) {
                log.write(Message.LISTEN_ADDRESS_SKIPPED, "conmgr", address.getHostAddress());
            }
        }
        return used;
    }

    private static boolean isLocal(InetAddress address) {
        try {
            return address.isAnyLocalAddress() || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return false;
        }
    }

    private static ListenException failure(String where, Throwable cause) {
        return new ListenException("could not listen on " + where + ": " + cause.getMessage(), cause);
    }
}
