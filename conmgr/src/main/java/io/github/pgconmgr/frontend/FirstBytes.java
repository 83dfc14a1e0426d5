package io.github.pgconmgr.frontend;

import io.github.pgconmgr.wire.redirect.RedirectProtocol;
import java.nio.ByteBuffer;

/** Who speaks? Told by the first bytes alone (docs/protocol.md, section 2). */
enum FirstBytes {
    /** Not enough bytes to tell, or a message that is not complete yet. */
    INCOMPLETE,
    /** A whole redirect request of an aware driver. */
    REDIRECT,
    /** A stock driver asks for TLS or GSS encryption; exactly these 8 bytes. */
    SSL_REQUEST,
    GSSENC_REQUEST,
    /** A whole StartupMessage of protocol 3. */
    STARTUP,
    CANCEL,
    /** Direct TLS (sslnegotiation=direct). */
    TLS,
    GARBAGE;

    private static final int TLS_HANDSHAKE = 0x16;
    private static final int CODE_BYTES = 8;
    private static final int SSL_REQUEST_CODE = 80877103;
    private static final int CANCEL_REQUEST_CODE = 80877102;
    private static final int SHORTEST_CANCEL_BYTES = 16;
    private static final int PROTOCOL_MAJOR = 3;

    /**
     * Judges what has come so far. A length that no message may have is garbage before any of the message is waited for, and so
     * is anything behind a message, as nobody speaks on before the answer.
     *
     * @param received all bytes since the accept or since the last answer; not moved
     */
    static FirstBytes of(ByteBuffer received) {
        int at = received.position();
        int size = received.remaining();
        if (size > 0 && Byte.toUnsignedInt(received.get(at)) == TLS_HANDSHAKE) {
            return TLS;
        }
        if (size < Integer.BYTES) {
            return INCOMPLETE;
        }
        int length = received.getInt(at);
        if (length < CODE_BYTES || length > RedirectProtocol.MAX_REQUEST_BYTES || size > length) {
            return GARBAGE;
        }
        return size < CODE_BYTES ? INCOMPLETE : ofCode(received.getInt(at + 4), length, received);
    }

    private static FirstBytes ofCode(int code, int length, ByteBuffer received) {
        return switch (code) {
            case RedirectProtocol.GSSENC_REQUEST_CODE ->
                length == CODE_BYTES ? GSSENC_REQUEST : ofPayload(length, received);
            case SSL_REQUEST_CODE -> length == CODE_BYTES ? SSL_REQUEST : GARBAGE;
            case CANCEL_REQUEST_CODE -> length >= SHORTEST_CANCEL_BYTES ? CANCEL : GARBAGE;
            default -> code >>> 16 == PROTOCOL_MAJOR ? whole(STARTUP, length, received) : GARBAGE;
        };
    }

    private static FirstBytes ofPayload(int length, ByteBuffer received) {
        if (length < RedirectProtocol.MIN_REQUEST_BYTES) {
            return GARBAGE;
        }
        if (received.remaining() < RedirectProtocol.DISPATCH_BYTES) {
            return INCOMPLETE;
        }
        boolean ours = received.getInt(received.position() + CODE_BYTES) == RedirectProtocol.MAGIC;
        return ours ? whole(REDIRECT, length, received) : GARBAGE;
    }

    private static FirstBytes whole(FirstBytes message, int length, ByteBuffer received) {
        return received.remaining() == length ? message : INCOMPLETE;
    }
}
