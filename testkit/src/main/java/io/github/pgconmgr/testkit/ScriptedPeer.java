package io.github.pgconmgr.testkit;

import io.github.pgconmgr.time.NanoClock;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP peer that does exactly what a test says, byte for byte, as client or as server. Every read has a limit. Bytes are
 * written in hex; blanks between them are allowed.
 *
 * <p>Confined to the test's thread.
 */
public final class ScriptedPeer implements Closeable {

    /** Waits on a port of the loopback address for the program under test. */
    public static final class Listener implements Closeable {

        private final ServerSocket socket;

        private Listener(ServerSocket socket) {
            this.socket = socket;
        }

        /** Its port. */
        public int port() {
            return socket.getLocalPort();
        }

        /** The next connection; blocks up to the limit. */
        public ScriptedPeer accept(Duration limit) throws IOException {
            socket.setSoTimeout(Math.toIntExact(limit.toMillis()));
            try {
                return new ScriptedPeer(socket.accept(), limit);
            } catch (SocketTimeoutException e) {
                throw new AssertionError("nobody connected within " + limit.toMillis() + " ms", e);
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private final Socket socket;
    private final Duration limit;

    private ScriptedPeer(Socket socket, Duration limit) throws IOException {
        this.socket = socket;
        this.limit = limit;
        socket.setTcpNoDelay(true);
    }

    /** A listener on a free port. */
    public static Listener listen() throws IOException {
        return new Listener(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    /** Connects; the limit is also that of each later read. */
    public static ScriptedPeer connect(String address, int port, Duration limit) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(address, port), Math.toIntExact(limit.toMillis()));
            return new ScriptedPeer(socket, limit);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Sends bytes, at once. */
    public void send(String hex) throws IOException {
        send(bytes(hex));
    }

    /** Sends bytes, at once. */
    public void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /**
     * Sends the bytes one by one with a pause after each, until all are sent or the other side has closed; returns how many
     * could be sent.
     */
    public int sendSlowly(String hex, Duration pause) throws IOException {
        int sent = 0;
        for (byte b : bytes(hex)) {
            try {
                send(new byte[] {b});
            } catch (SocketException closedByPeer) {
                return sent;
            }
            sent++;
            park(pause);
        }
        return sent;
    }

    private static void park(Duration pause) {
        long end = NanoClock.SYSTEM.nanoTime() + pause.toNanos();
        for (long left = pause.toNanos(); left > 0; left = end - NanoClock.SYSTEM.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** Reads exactly that many bytes. */
    public byte[] receive(int count) throws IOException {
        byte[] bytes = new byte[count];
        int have = 0;
        while (have < count) {
            int got = read(bytes, have, count - have);
            if (got < 0) {
                throw new AssertionError("end of stream after " + have + " of " + count + " bytes: "
                        + HexFormat.of().formatHex(bytes, 0, have));
            }
            have += got;
        }
        return bytes;
    }

    /** Reads as many bytes as are expected and compares them. */
    public void expect(String hex) throws IOException {
        byte[] expected = bytes(hex);
        String got = HexFormat.of().formatHex(receive(expected.length));
        if (!got.equals(HexFormat.of().formatHex(expected))) {
            throw new AssertionError("expected " + HexFormat.of().formatHex(expected) + " but got " + got);
        }
    }

    /** The other side must close, orderly or with a reset, without another byte. */
    public void expectEnd() throws IOException {
        byte[] one = new byte[1];
        int got;
        try {
            got = read(one, 0, 1);
        } catch (SocketException reset) {
            return;
        }
        if (got >= 0) {
            throw new AssertionError(
                    "expected the end of the stream but got " + HexFormat.of().formatHex(one));
        }
    }

    /** Nothing may arrive for that long, neither bytes nor the end. */
    public void expectSilence(Duration howLong) throws IOException {
        socket.setSoTimeout(Math.toIntExact(howLong.toMillis()));
        int got;
        try {
            got = socket.getInputStream().read();
        } catch (SocketTimeoutException silence) {
            return;
        }
        throw new AssertionError(got < 0 ? "expected silence but the stream ended" : "expected silence but got a byte");
    }

    /** Ends our direction only (FIN). */
    public void finish() throws IOException {
        socket.shutdownOutput();
    }

    /** Closes with a reset (RST). */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Our own port, by which the other side knows us. */
    public int localPort() {
        return socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private int read(byte[] into, int offset, int length) throws IOException {
        socket.setSoTimeout(Math.toIntExact(limit.toMillis()));
        InputStream in = socket.getInputStream();
        try {
            return in.read(into, offset, length);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("nothing within " + limit.toMillis() + " ms", e);
        }
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }
}
