package io.github.pgconmgr.jdbc;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How pgjdbc comes to its sockets: it takes a class name and a string, so the string is a ticket for the
 * {@link InstanceSockets} of this one connection. Public because pgjdbc creates it by reflection; not for applications.
 *
 * <p>Shared: the tickets are in a concurrent map; one is valid while its stage 2 runs.
 */
public final class InstanceSocketFactory extends UnconnectedSocketFactory {

    private static final ConcurrentMap<String, InstanceSockets> TICKETS = new ConcurrentHashMap<>();

    private final InstanceSockets sockets;

    /**
     * Called by pgjdbc.
     *
     * @throws SocketException if the ticket is not, or no longer, valid
     */
    public InstanceSocketFactory(String ticket) throws SocketException {
        super("sockets of this factory lead to the chosen instance alone");
        InstanceSockets found = TICKETS.get(ticket);
        if (found == null) {
            throw new SocketException("this socket factory works through jdbc:conmgr: URLs alone");
        }
        this.sockets = found;
    }

    static String issueTicket(InstanceSockets sockets) {
        String ticket = UUID.randomUUID().toString();
        TICKETS.put(ticket, sockets);
        return ticket;
    }

    static void withdrawTicket(String ticket) {
        TICKETS.remove(ticket);
    }

    /** How many connects are in stage 2 now. */
    static int ticketCount() {
        return TICKETS.size();
    }

    @Override
    public Socket createSocket() throws IOException {
        return sockets.open();
    }
}
