package io.github.pgconmgr.logintest;

import io.github.pgconmgr.relay.auth.AuthStep;
import io.github.pgconmgr.relay.auth.Authenticator;
import io.github.pgconmgr.relay.auth.ClientAuthentication;
import io.github.pgconmgr.relay.netty.ServerTls;
import io.netty.handler.ssl.JdkSslContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A server that does the login and nothing else: who gets in is told so by the error {@link #IN}. One thread, one client at a time; {@link #close}
 * ends it.
 */
final class LoginServer implements AutoCloseable {

    /** What a client hears that has got in. */
    static final String IN = "you are in, and that is all there is";

    private static final int SSL_REQUEST = 80877103;
    private static final int GSSENC_REQUEST = 80877104;

    private final Authenticator authenticator;
    private final @Nullable ServerTls tls;
    private final ServerSocket listener;
    private final Thread thread;

    LoginServer(Authenticator authenticator, @Nullable ServerTls tls) throws IOException {
        this.authenticator = authenticator;
        this.tls = tls;
        this.listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        this.thread = new Thread(this::serve, "login server");
        thread.start();
    }

    int port() {
        return listener.getLocalPort();
    }

    private void serve() {
        while (!listener.isClosed()) {
            try (Socket socket = listener.accept()) {
                login(socket);
            } catch (IOException e) {
                // The client's affair, or the end.
            }
        }
    }

    private void login(Socket plain) throws IOException {
        Socket socket = plain;
        Frames client = new Frames(socket);
        ByteBuffer packet = client.readBody();
        while (packet.getInt(0) == SSL_REQUEST || packet.getInt(0) == GSSENC_REQUEST) {
            boolean encrypt = packet.getInt(0) == SSL_REQUEST && tls != null;
            client.write(ByteBuffer.wrap(new byte[] {(byte) (encrypt ? 'S' : 'N')}));
            if (encrypt && tls != null) {
                socket = ((JdkSslContext) tls.context())
                        .context()
                        .getSocketFactory()
                        .createSocket(plain, null, false);
                ((SSLSocket) socket).setUseClientMode(false);
                client = new Frames(socket);
            }
            packet = client.readBody();
        }
        login(client, user(packet), socket != plain);
    }

    private static String user(ByteBuffer packet) {
        String[] texts =
                StandardCharsets.UTF_8.decode(packet.position(4)).toString().split("\0", -1);
        for (int i = 0; i + 1 < texts.length; i += 2) {
            if (texts[i].equals("user")) {
                return texts[i + 1];
            }
        }
        throw new AssertionError("no user");
    }

    private void login(Frames client, String user, boolean encrypted) throws IOException {
        byte[] binding = encrypted && tls != null ? tls.endPointBytes() : null;
        ClientAuthentication login = authenticator.client(user, InetAddress.getLoopbackAddress(), binding);
        AuthStep step = login.begin(0);
        while (step instanceof AuthStep.Say say) {
            client.write(say.messages());
            step = login.onMessage(client.read().body(), 0);
        }
        if (step instanceof AuthStep.Accepted accepted) {
            client.write(accepted.messages());
            client.write(Frames.error("57P03", IN));
        } else if (step instanceof AuthStep.Refused refused) {
            client.write(Frames.error(refused.sqlState(), refused.message()));
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
            thread.join(10_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
