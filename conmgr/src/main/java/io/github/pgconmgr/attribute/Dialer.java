package io.github.pgconmgr.attribute;

import io.github.pgconmgr.config.CheckConninfo.SslMode;
import io.github.pgconmgr.time.NanoClock;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of one connection, in pgjdbc's place: to the address that was chosen, limited, and to be ended from outside. pgjdbc
 * may dial twice, with and without TLS.
 *
 * <p>Confined to the task that does the check, but for {@link #abort}.
 */
final class Dialer {

    /** As for a probe of backend_port: a refusal comes sooner than the kernel's first retransmission. */
    private static final long REFUSAL_NANOS = TimeUnit.MILLISECONDS.toNanos(900);

    /** pgjdbc makes its factories by name, on the thread that connects. */
    private static final ThreadLocal<Dialer> CURRENT = new ThreadLocal<>();

    private final InetSocketAddress address;
    private final int connectTimeoutMillis;
    private final AnswerLimit.Start start;
    private boolean refused;
    private volatile boolean aborted;
    private volatile @Nullable LimitedSocket socket;
    private @Nullable LimitedTlsSocket tlsSocket;

    Dialer(InetAddress host, int port, SslMode sslMode, int connectTimeoutMillis) {
        this.address = new InetSocketAddress(host, port);
        this.connectTimeoutMillis = connectTimeoutMillis;
        this.start = sslMode == SslMode.DISABLE ? AnswerLimit.Start.MESSAGE : AnswerLimit.Start.TLS_ANSWER;
    }

    /** That one dials for this thread from now on; null for none. */
    static void use(@Nullable Dialer dialer) {
        if (dialer == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(dialer);
        }
    }

    /**
     * The one of this thread.
     *
     * @throws SocketException if there is none: somebody else made a factory of ours
     */
    static Dialer current() throws SocketException {
        Dialer dialer = CURRENT.get();
        if (dialer == null) {
            throw new SocketException("nobody dials on this thread");
        }
        return dialer;
    }

    /** A connected socket. Blocks, for the connect timeout at most. */
    Socket dial() throws IOException {
        LimitedSocket opened = new LimitedSocket(start);
        socket = opened;
        tlsSocket = null;
        long startNanos = NanoClock.SYSTEM.nanoTime();
        try {
            if (aborted) {
                throw new SocketException("given up");
            }
            opened.connect(address, connectTimeoutMillis);
            return opened;
        } catch (ConnectException e) {
            refused = NanoClock.SYSTEM.nanoTime() - startNanos < REFUSAL_NANOS;
            opened.close();
            throw e;
        } catch (IOException e) {
            opened.close();
            throw e;
        }
    }

    /** The same around a TLS socket that stands upon the last one. */
    SSLSocket limit(SSLSocket socketOnTop) throws IOException {
        LimitedTlsSocket limited = new LimitedTlsSocket(socketOnTop);
        tlsSocket = limited;
        return limited;
    }

    /** Another question goes out. */
    void beginAnswer() throws IOException {
        LimitedSocket plain = socket;
        if (plain != null) {
            plain.beginAnswer();
        }
        if (tlsSocket != null) {
            tlsSocket.beginAnswer();
        }
    }

    /** Whether the last dial found that nobody listens there. */
    boolean wasRefused() {
        return refused;
    }

    /** Ends whatever waits on the socket. Any thread; does not block. */
    void abort() {
        aborted = true;
        LimitedSocket opened = socket;
        if (opened != null) {
            try {
                opened.close();
            } catch (IOException e) {
                // It is of no use in any case.
            }
        }
    }
}
