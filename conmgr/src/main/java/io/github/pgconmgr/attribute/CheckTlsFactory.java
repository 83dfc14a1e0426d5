package io.github.pgconmgr.attribute;

import java.io.IOException;
import java.net.Socket;
import java.util.Properties;
import javax.net.ssl.SSLSocket;
import org.postgresql.ssl.LibPQFactory;
import org.postgresql.util.PSQLException;

/** pgjdbc's {@code sslfactory}: TLS as libpq does it, limited. Immutable; public as pgjdbc makes it by its name. */
public final class CheckTlsFactory extends LibPQFactory {

    /** For pgjdbc. */
    public CheckTlsFactory(Properties info) throws PSQLException {
        super(info);
    }

    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
        return Dialer.current().limit((SSLSocket) super.createSocket(socket, host, port, autoClose));
    }
}
