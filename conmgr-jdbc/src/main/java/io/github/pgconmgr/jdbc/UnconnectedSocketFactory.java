package io.github.pgconmgr.jdbc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import javax.net.SocketFactory;

/**
 * A factory in pgjdbc's hands: it is asked for sockets that are connected later, and makes no others.
 *
 * <p>Immutable: no more than the reason that it gives to whoever asks for others.
 */
abstract class UnconnectedSocketFactory extends SocketFactory {

    private final String refusal;

    /**
     * @param refusal says what its sockets are for
     */
    UnconnectedSocketFactory(String refusal) {
        this.refusal = refusal;
    }

    @Override
    public abstract Socket createSocket() throws IOException;

    @Override
    public final Socket createSocket(String host, int port) throws IOException {
        throw new SocketException(refusal);
    }

    @Override
    public final Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        throw new SocketException(refusal);
    }

    @Override
    public final Socket createSocket(InetAddress host, int port) throws IOException {
        throw new SocketException(refusal);
    }

    @Override
    public final Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
            throws IOException {
        throw new SocketException(refusal);
    }
}
