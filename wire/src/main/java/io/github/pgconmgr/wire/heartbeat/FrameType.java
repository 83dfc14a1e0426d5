package io.github.pgconmgr.wire.heartbeat;

/** The type byte of a frame. */
public enum FrameType {
    HELLO(1),
    WELCOME(2),
    REFUSED(3),
    CHALLENGE(4),
    BEAT(5),
    STATE(6),
    SETTINGS(7),
    GOODBYE(8),
    PROOF(9),
    /** From here on a peer gets only what it has said it takes ({@link HeartbeatProtocol#HIGHEST_FRAME}). */
    FOLLOW(10),
    UPSTREAM(11);

    private final int code;

    FrameType(int code) {
        this.code = code;
    }

    /** The byte on the wire. */
    public int code() {
        return code;
    }
}
