package io.github.pgconmgr.relay.auth;

import java.nio.ByteBuffer;
import java.util.List;

/** The messages of a login, both ways, whole (docs of PostgreSQL, "Message Formats"). Stateless. */
final class AuthMessages {

    static final int OK = 0;
    static final int CLEARTEXT = 3;
    static final int MD5 = 5;
    static final int SASL = 10;
    static final int SASL_CONTINUE = 11;
    static final int SASL_FINAL = 12;

    private static final byte[] NOTHING = {};

    private AuthMessages() {}

    static ByteBuffer ok() {
        return request(OK, NOTHING);
    }

    static ByteBuffer md5(byte[] salt) {
        return request(MD5, salt);
    }

    static ByteBuffer sasl(List<String> mechanisms) {
        return request(SASL, Ascii.bytes(String.join("\0", mechanisms) + "\0\0"));
    }

    static ByteBuffer saslContinue(String text) {
        return request(SASL_CONTINUE, Ascii.bytes(text));
    }

    /** The server's last word and AuthenticationOk. */
    static ByteBuffer saslFinalAndOk(String text) {
        ByteBuffer last = request(SASL_FINAL, Ascii.bytes(text));
        ByteBuffer ok = ok();
        return ByteBuffer.allocate(last.remaining() + ok.remaining())
                .put(last)
                .put(ok)
                .flip();
    }

    static ByteBuffer password(String text) {
        return message('p', Ascii.bytes(text + "\0"));
    }

    static ByteBuffer saslInitialResponse(String mechanism, String text) {
        byte[] name = Ascii.bytes(mechanism + "\0");
        byte[] first = Ascii.bytes(text);
        return message(
                'p',
                ByteBuffer.allocate(name.length + Integer.BYTES + first.length)
                        .put(name)
                        .putInt(first.length)
                        .put(first)
                        .array());
    }

    static ByteBuffer saslResponse(String text) {
        return message('p', Ascii.bytes(text));
    }

    private static ByteBuffer request(int code, byte[] data) {
        return message(
                'R',
                ByteBuffer.allocate(Integer.BYTES + data.length)
                        .putInt(code)
                        .put(data)
                        .array());
    }

    private static ByteBuffer message(char type, byte[] body) {
        return ByteBuffer.allocate(1 + Integer.BYTES + body.length)
                .put((byte) type)
                .putInt(Integer.BYTES + body.length)
                .put(body)
                .flip();
    }
}
