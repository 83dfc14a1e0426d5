package io.github.pgconmgr.relay.prepared;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Messages of clients, and answers as a server sends them. */
final class Messages {

    private Messages() {}

    static ByteBuffer parse(String name, String text) {
        return message('P', name + "\0" + text + "\0\0\0");
    }

    static ByteBuffer bind(String portal, String name, String rest) {
        return message('B', portal + "\0" + name + "\0\0\0\0\0\0\0" + rest);
    }

    static ByteBuffer describe(char kind, String name) {
        return message('D', kind + name + "\0");
    }

    static ByteBuffer close(char kind, String name) {
        return message('C', kind + name + "\0");
    }

    static ByteBuffer execute(String portal) {
        return message('E', portal + "\0\0\0\0\0");
    }

    static ByteBuffer sync() {
        return message('S', "");
    }

    static ByteBuffer query(String text) {
        return message('Q', text + "\0");
    }

    /** What the model server says, as bytes. */
    static ByteBuffer answer(String text) {
        String body = text.substring(1);
        return message(
                text.charAt(0),
                text.charAt(0) == 'E'
                        ? "C" + body + "\0\0"
                        : text.charAt(0) == 'Z' ? "I" : body.isEmpty() ? "" : body + "\0");
    }

    static ByteBuffer message(char type, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(5 + bytes.length)
                .put((byte) type)
                .putInt(4 + bytes.length)
                .put(bytes)
                .flip();
    }
}
