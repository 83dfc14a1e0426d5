package io.github.pgconmgr.logintest;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** PostgreSQL's messages over a blocking socket. Confined to the test's thread. */
final class Frames implements AutoCloseable {

    /** One message of the other side. */
    record Frame(char type, ByteBuffer body) {}

    private static final int LIMIT_MILLIS = 20_000;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    Frames(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(LIMIT_MILLIS);
        this.in = new DataInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    void write(ByteBuffer message) throws IOException {
        byte[] bytes = new byte[message.remaining()];
        message.get(bytes);
        out.write(bytes);
        out.flush();
    }

    Frame read() throws IOException {
        char type = (char) in.readUnsignedByte();
        return new Frame(type, readBody());
    }

    /** A packet without a type: the first ones of a connection. */
    ByteBuffer readBody() throws IOException {
        byte[] body = new byte[in.readInt() - Integer.BYTES];
        in.readFully(body);
        return ByteBuffer.wrap(body);
    }

    static ByteBuffer message(char type, byte[] body) {
        return ByteBuffer.allocate(1 + Integer.BYTES + body.length)
                .put((byte) type)
                .putInt(Integer.BYTES + body.length)
                .put(body)
                .flip();
    }

    static ByteBuffer startup(String user, String database) {
        byte[] text = ("user\0" + user + "\0database\0" + database + "\0\0").getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length)
                .putInt(8 + text.length)
                .putInt(3 << 16)
                .put(text)
                .flip();
    }

    static ByteBuffer error(String sqlState, String text) {
        return message('E', ("SFATAL\0VFATAL\0C" + sqlState + "\0M" + text + "\0\0").getBytes(StandardCharsets.UTF_8));
    }

    /** A field of an ErrorResponse; null without it. */
    static @Nullable String field(char field, ByteBuffer body) {
        String text = StandardCharsets.UTF_8.decode(body.duplicate()).toString();
        for (String part : text.split("\0", -1)) {
            if (!part.isEmpty() && part.charAt(0) == field) {
                return part.substring(1);
            }
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
