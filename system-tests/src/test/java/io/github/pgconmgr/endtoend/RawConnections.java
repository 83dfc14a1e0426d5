package io.github.pgconmgr.endtoend;

import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.time.NanoClock;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Connections to conmgr's port that keep to no protocol. Stateless; blocks. */
final class RawConnections {

    private static final int READ_LIMIT_MILLIS = 20_000;

    private RawConnections() {}

    /**
     * Sends the bytes (hex), with a pause after each if there is one, and reads to the end: what came, in hex, then {@code END}.
     *
     * @throws IOException if the other side keeps the connection for longer than the limit
     */
    static String talk(int pauseMillis, String hex) throws IOException {
        try (Socket socket = connect()) {
            byte[] bytes = HexFormat.of().parseHex(hex);
            if (pauseMillis == 0) {
                socket.getOutputStream().write(bytes);
            } else {
                sendSlowly(socket, bytes, pauseMillis);
            }
            return readToEnd(socket) + " END";
        }
    }

    /** Opens so many connections and says nothing; returns when the other side has closed them all. */
    static String openIdle(int count) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(connect());
            }
            for (Socket socket : sockets) {
                if (!readToEnd(socket).isEmpty()) {
                    throw new IOException("an idle connection was sent something");
                }
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        return count + " ENDED";
    }

    /**
     * Asks conmgr so many times, one after the other, by that request (hex): the types of the answers that came, how many
     * different ones there were, and how long the slowest took from the connect on, in milliseconds.
     */
    static String ask(int count, String hex) throws IOException {
        Set<String> types = new TreeSet<>();
        Set<String> answers = new HashSet<>();
        long slowest = 0;
        for (int i = 0; i < count; i++) {
            long begin = NanoClock.SYSTEM.nanoTime();
            try (Socket socket = connect()) {
                socket.getOutputStream().write(HexFormat.of().parseHex(hex));
                DataInputStream in = new DataInputStream(socket.getInputStream());
                types.add(String.valueOf((char) in.readUnsignedByte()));
                answers.add(HexFormat.of().formatHex(in.readNBytes(in.readInt() - Integer.BYTES)));
            }
            slowest = Math.max(slowest, NanoClock.SYSTEM.nanoTime() - begin);
        }
        return String.join(",", types) + " " + answers.size() + " " + TimeUnit.NANOSECONDS.toMillis(slowest);
    }

    /** Asks conmgr so many times by that request (hex): the instance numbers that it named, by blanks. */
    static String named(int count, String hex) throws IOException {
        Set<String> numbers = new TreeSet<>();
        for (int i = 0; i < count; i++) {
            try (Socket socket = connect()) {
                socket.getOutputStream().write(HexFormat.of().parseHex(hex));
                DataInputStream in = new DataInputStream(socket.getInputStream());
                char type = (char) in.readUnsignedByte();
                ByteBuffer answer = ByteBuffer.wrap(in.readNBytes(in.readInt() - Integer.BYTES));
                if (type == 'c') {
                    numbers.add(Integer.toString(answer.getShort(Short.BYTES)));
                }
            }
        }
        return String.join(" ", numbers);
    }

    private static Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), Story.CONMGR_PORT), READ_LIMIT_MILLIS);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(READ_LIMIT_MILLIS);
        return socket;
    }

    private static void sendSlowly(Socket socket, byte[] bytes, int pauseMillis) throws IOException {
        try {
            for (byte b : bytes) {
                socket.getOutputStream().write(b);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pauseMillis));
            }
        } catch (SocketException closedByPeer) {
            // What it said before is still to be read.
            return;
        }
    }

    private static String readToEnd(Socket socket) throws IOException {
        StringBuilder hex = new StringBuilder();
        byte[] buffer = new byte[4096];
        InputStream in = socket.getInputStream();
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                hex.append(HexFormat.of().formatHex(buffer, 0, n));
            }
        } catch (SocketException reset) {
            return hex.toString();
        }
        return hex.toString();
    }
}
