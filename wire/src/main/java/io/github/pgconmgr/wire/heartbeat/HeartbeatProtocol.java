package io.github.pgconmgr.wire.heartbeat;

/** Numbers of the heartbeat protocol (docs/protocol.md, section 1), each named once. */
public final class HeartbeatProtocol {

    /** The version that this code speaks. */
    public static final int VERSION = 1;

    /** "CMHB". */
    public static final int MAGIC = 0x434D4842;

    /** Bytes of the length field in front of each frame. */
    public static final int LENGTH_BYTES = 2;

    /** Highest frame type that this code takes; HELLO and WELCOME say so. */
    public static final int HIGHEST_FRAME = 11;

    /** Highest frame type that a peer takes who says nothing of it. */
    public static final int HIGHEST_FRAME_UNSAID = 9;

    /** Most bytes after the length field: type and payload. */
    public static final int MAX_FRAME_BYTES = 1024;

    /** Most items in HELLO or WELCOME. */
    public static final int MAX_ITEMS = 16;

    /** Most bytes of a string item. */
    public static final int MAX_ITEM_TEXT_BYTES = 64;

    /** Most bytes of REFUSED's text. */
    public static final int MAX_REFUSAL_TEXT_BYTES = 512;

    /** The complete HELLO, and PROOF where it is asked for, must have come this long after the accept, in milliseconds. */
    public static final int HELLO_LIMIT_MILLIS = 10_000;

    /** Connections that may wait for their HELLO or PROOF; one more ends the one that has waited longest. */
    public static final int MAX_WAITING_FOR_HELLO = 64;

    /** A side that has more than this unsent closes the connection. */
    public static final int MAX_UNSENT_BYTES = 4096;

    private HeartbeatProtocol() {}
}
