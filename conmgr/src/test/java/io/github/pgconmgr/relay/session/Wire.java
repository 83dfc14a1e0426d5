package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.protocol.StartupPacket;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Messages as bytes and bytes as texts, for tests. Stateless. */
final class Wire {

    private Wire() {}

    static byte[] message(char type, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(5 + bytes.length)
                .put((byte) type)
                .putInt(4 + bytes.length)
                .put(bytes)
                .array();
    }

    static byte[] query(String sql) {
        return message('Q', sql + "\0");
    }

    static byte[] ready(char status) {
        return message('Z', String.valueOf(status));
    }

    /** An answer to a query that gives nothing. */
    static byte[] done(String tag, char status) {
        return join(message('C', tag + "\0"), ready(status));
    }

    static byte[] parameter(String name, String value) {
        return message('S', name + "\0" + value + "\0");
    }

    static byte[] authenticationOk() {
        return message('R', "\0\0\0\0");
    }

    static byte[] key(int pid, int secret) {
        return ByteBuffer.allocate(13)
                .put((byte) 'K')
                .putInt(12)
                .putInt(pid)
                .putInt(secret)
                .array();
    }

    /** What a server says at login, behind authentication. */
    static byte[] welcome(int pid) {
        return join(authenticationOk(), parameter("server_version", "15.0"), key(pid, pid * 7), ready('I'));
    }

    static byte[] startup(String... namesAndValues) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int index = 0; index < namesAndValues.length; index += 2) {
            parameters.put(namesAndValues[index], namesAndValues[index + 1]);
        }
        return bytes(new StartupPacket(StartupPacket.PROTOCOL_3_0, parameters).encode());
    }

    static byte[] cancel(int pid, byte[] secret) {
        return ByteBuffer.allocate(12 + secret.length)
                .putInt(12 + secret.length)
                .putInt(80877102)
                .putInt(pid)
                .put(secret)
                .array();
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] all = new byte[buffer.remaining()];
        buffer.get(all);
        return all;
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** Messages as "Q(SELECT 1) Z(I)"; bodies of keys and parameters are left out, other zeros are blanks. */
    static String text(byte[] messages) {
        StringBuilder out = new StringBuilder();
        ByteBuffer in = ByteBuffer.wrap(messages);
        while (in.remaining() >= 5) {
            char type = (char) in.get();
            byte[] body = new byte[in.getInt() - 4];
            in.get(body);
            String text = new String(body, StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ')
                    .strip();
            boolean shown = type != 'K' && type != 'S' && type != 'R' && !text.isEmpty();
            out.append(out.length() == 0 ? "" : " ").append(type).append(shown ? "(" + text + ")" : "");
        }
        return out.append(in.hasRemaining() ? " +" + in.remaining() : "").toString();
    }
}
