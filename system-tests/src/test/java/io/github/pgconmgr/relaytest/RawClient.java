package io.github.pgconmgr.relaytest;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client whose every byte is the test's, over a blocking socket. Confined to the test's thread. */
final class RawClient implements AutoCloseable {

    static final int PROTOCOL_3_0 = 3 << 16;
    static final int PROTOCOL_3_2 = PROTOCOL_3_0 + 2;

    private static final int CANCEL_CODE = 80877102;
    private static final int LIMIT_MILLIS = 20_000;

    /** One message of the other side. */
    record Frame(char type, ByteBuffer body) {

        /** The body as text, with blanks for zeros. */
        String text() {
            return StandardCharsets.ISO_8859_1
                    .decode(body.duplicate())
                    .toString()
                    .replace('\0', ' ')
                    .strip();
        }

        /** A field of an ErrorResponse; null without it. */
        @Nullable
        String field(char name) {
            for (String part :
                    StandardCharsets.UTF_8.decode(body.duplicate()).toString().split("\0", -1)) {
                if (!part.isEmpty() && part.charAt(0) == name) {
                    return part.substring(1);
                }
            }
            return null;
        }

        /** As it came. */
        byte[] bytes() {
            byte[] all = new byte[body.remaining()];
            body.duplicate().get(all);
            return all;
        }
    }

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /** Connected, nothing said. */
    static RawClient connect(int port) throws IOException {
        Socket socket = SocketChannel.open().socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(LIMIT_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), LIMIT_MILLIS);
        return new RawClient(socket);
    }

    /** Logged in, where nobody asks for a password; the greeting has been read. */
    static RawClient loggedIn(int port, String user, String database) throws IOException {
        RawClient client = connect(port);
        client.startup(PROTOCOL_3_0, "user", user, "database", database);
        client.readTo('Z');
        return client;
    }

    /** For who goes on without this class. */
    SocketChannel channel() {
        return socket.getChannel();
    }

    /** The messages in these bytes, and what is left of a cut one as a message of type 0. */
    static List<Frame> parse(byte[] bytes) {
        List<Frame> frames = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        while (in.hasRemaining()) {
            if (in.remaining() < 5 || in.remaining() <= in.getInt(in.position() + 1)) {
                frames.add(new Frame('\0', in.slice()));
                break;
            }
            char type = (char) in.get();
            int length = in.getInt(in.position());
            frames.add(new Frame(type, in.slice(in.position() + 4, length - 4)));
            in.position(in.position() + length);
        }
        return frames;
    }

    void startup(int protocol, String... namesAndValues) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (String text : namesAndValues) {
            body.writeBytes(text(text));
        }
        body.write(0);
        write(ByteBuffer.allocate(8 + body.size())
                .putInt(8 + body.size())
                .putInt(protocol)
                .put(body.toByteArray())
                .array());
    }

    /** A cancel request on a connection of its own, which is read to its end. */
    static void cancel(int port, int pid, byte[] secret) throws IOException {
        try (RawClient asker = connect(port)) {
            asker.write(ByteBuffer.allocate(12 + secret.length)
                    .putInt(12 + secret.length)
                    .putInt(CANCEL_CODE)
                    .putInt(pid)
                    .put(secret)
                    .array());
            asker.expectEnd();
        }
    }

    /** The text with the zero that ends it. */
    static byte[] text(String text) {
        return (text + "\0").getBytes(StandardCharsets.UTF_8);
    }

    static byte[] message(char type, byte[] body) {
        return ByteBuffer.allocate(5 + body.length)
                .put((byte) type)
                .putInt(4 + body.length)
                .put(body)
                .array();
    }

    void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    void send(char type, byte[] body) throws IOException {
        write(message(type, body));
    }

    void sendQuery(String sql) throws IOException {
        send('Q', text(sql));
    }

    /** A query and all of its answer. */
    List<Frame> query(String sql) throws IOException {
        sendQuery(sql);
        return readTo('Z');
    }

    /** The first column of the only row that the query gives. */
    String value(String sql) throws IOException {
        Frame row = query(sql).stream()
                .filter(frame -> frame.type() == 'D')
                .findFirst()
                .orElseThrow();
        return new String(row.bytes(), 6, row.body().getInt(2), StandardCharsets.UTF_8);
    }

    Frame read() throws IOException {
        char type = (char) in.readUnsignedByte();
        byte[] body = new byte[in.readInt() - Integer.BYTES];
        in.readFully(body);
        return new Frame(type, ByteBuffer.wrap(body));
    }

    /** All messages up to the first of that type, which is the last one given. */
    List<Frame> readTo(char type) throws IOException {
        List<Frame> frames = new ArrayList<>();
        Frame frame;
        do {
            frame = read();
            frames.add(frame);
            if (frame.type() == 'E' && type != 'E' && "FATAL".equals(frame.field('V'))) {
                throw new IOException(frame.text());
            }
        } while (frame.type() != type);
        return frames;
    }

    /** Reads up to the first message of that type and keeps nothing: how many bytes came. */
    long skipTo(char type) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        long bytes = 0;
        char last;
        do {
            byte[] header = in.readNBytes(5);
            last = (char) header[0];
            int rest = ByteBuffer.wrap(header).getInt(1) - Integer.BYTES;
            bytes += 5 + rest;
            while (rest > 0) {
                int read = in.readNBytes(buffer, 0, Math.min(rest, buffer.length));
                if (read == 0) {
                    throw new EOFException("behind " + bytes + " bytes");
                }
                rest -= read;
            }
        } while (last != type);
        return bytes;
    }

    /** Nothing more comes: the other side has closed. */
    void expectEnd() throws IOException {
        try {
            throw new IOException("not the end, but " + read());
        } catch (EOFException | SocketException end) {
            // As it should be.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
