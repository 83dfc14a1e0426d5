package io.github.pgconmgr.frontend;

import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.log.Message;
import io.netty.util.NetUtil;
import java.io.IOException;
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
 * <p>Confined to the one call that opens them.
 */
public final class ListenSockets {

    /** Listens at one address. */
    @FunctionalInterface
    public interface Binder {

        /**
         * Blocks.
         *
         * @return where it listens: the port was chosen if it was 0
         */
        InetSocketAddress bind(InetSocketAddress address) throws IOException;
    }

    private static final String ALL = "*";

    private final Log log;

    /** Nothing is open yet. */
    public ListenSockets(Log log) {
        this.log = log;
    }

    /**
     * Opens all. Blocks.
     *
     * @throws ListenException names the address that failed; those before it are open
     */
    public void open(List<String> names, int wantedPort, Binder binder) throws ListenException {
        int port = wantedPort;
        for (String name : names) {
            for (InetAddress address : addresses(name)) {
                InetSocketAddress socket = new InetSocketAddress(address, port);
                try {
                    // Port 0 means any: the other addresses then get the same.
                    port = binder.bind(socket).getPort();
                } catch (IOException e) {
                    throw failure(NetUtil.toSocketAddressString(socket), e);
                }
            }
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
        return new ListenException("could not listen on " + where + ": " + SocketErrors.reason(cause), cause);
    }
}
