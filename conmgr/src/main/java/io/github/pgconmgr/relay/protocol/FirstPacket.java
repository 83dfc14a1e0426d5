package io.github.pgconmgr.relay.protocol;

/** What a client may begin with. */
public enum FirstPacket {
    /** Not complete yet. */
    INCOMPLETE,
    STARTUP,
    SSL_REQUEST,
    GSSENC_REQUEST,
    CANCEL,
    /** A TLS record where a packet should begin: direct TLS. */
    TLS;

    /** Length and code. */
    static final int CODE_BYTES = 8;

    private static final int TLS_HANDSHAKE = 0x16;
    private static final int SSL_REQUEST_CODE = 80877103;
    private static final int GSSENC_REQUEST_CODE = 80877104;
    private static final int CANCEL_REQUEST_CODE = 80877102;
    private static final int PROTOCOL_MAJOR = 3;

    /** Which packet begins so. */
    static FirstPacket ofCode(int code, int length) {
        return switch (code) {
            case SSL_REQUEST_CODE -> exactly(length, CODE_BYTES, CODE_BYTES, SSL_REQUEST);
            case GSSENC_REQUEST_CODE -> exactly(length, CODE_BYTES, CODE_BYTES, GSSENC_REQUEST);
            case CANCEL_REQUEST_CODE -> exactly(length, CancelRequest.MIN_BYTES, CancelRequest.MAX_BYTES, CANCEL);
            default -> {
                if (code >>> 16 != PROTOCOL_MAJOR) {
                    throw new MalformedException("not a packet of protocol 3: code " + code);
                }
                yield STARTUP;
            }
        };
    }

    static boolean isTls(byte first) {
        return first == TLS_HANDSHAKE;
    }

    private static FirstPacket exactly(int length, int least, int most, FirstPacket kind) {
        if (length < least || length > most) {
            throw new MalformedException("length " + length + " of a " + kind);
        }
        return kind;
    }
}
