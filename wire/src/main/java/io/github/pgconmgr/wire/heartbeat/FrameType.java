package io.github.pgconmgr.wire.heartbeat;

/** The type byte of a frame. 4 (AUTH) and 7 (SETTINGS) are reserved and unknown until they are built. */
public enum FrameType {
    HELLO(1),
    WELCOME(2),
    REFUSED(3),
    BEAT(5),
    STATE(6),
    GOODBYE(8);

    private final int code;

    FrameType(int code) {
        this.code = code;
    }

    /** The byte on the wire. */
    public int code() {
        return code;
    }
}
