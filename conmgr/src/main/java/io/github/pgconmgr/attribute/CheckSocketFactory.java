package io.github.pgconmgr.attribute;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/** pgjdbc's {@code socketFactory}: sockets of this thread's {@link Dialer}. Stateless; public as pgjdbc makes it by its name. */
public final class CheckSocketFactory extends SocketFactory {

    /** For pgjdbc. */
    public CheckSocketFactory() {}

    @Override
    public Socket createSocket() throws IOException {
        return Dialer.current().dial();
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException("pgjdbc does not");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw new UnsupportedOperationException("pgjdbc does not");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException("pgjdbc does not");
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw new UnsupportedOperationException("pgjdbc does not");
    }
}
