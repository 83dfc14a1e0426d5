package io.github.pgconmgr.wire.redirect;

/** Numbers of the redirect protocol (docs/protocol.md, section 2), each named once. */
public final class RedirectProtocol {

    /** The version that this code speaks. */
    public static final int VERSION = 1;

    /** PostgreSQL's GSSENCRequest: a server answers it with one byte and logs nothing. */
    public static final int GSSENC_REQUEST_CODE = 80877104;

    /** "CMGR". */
    public static final int MAGIC = 0x434D4752;

    /** Bytes that tell an aware driver from all others: length, code, magic. */
    public static final int DISPATCH_BYTES = 12;

    /** Shortest request, its length field included. */
    public static final int MIN_REQUEST_BYTES = 16;

    /** Longest request, its length field included; PostgreSQL itself takes no longer start-up packet. */
    public static final int MAX_REQUEST_BYTES = 10_000;

    /** Most key-value pairs of a request. */
    public static final int MAX_PAIRS = 32;

    /** Most bytes of a key or value of a request, and of host and hostaddr. */
    public static final int MAX_TEXT_BYTES = 512;

    /** Longest answer: its length field and what follows. */
    public static final int MAX_ANSWER_BYTES = 2048;

    /** Most bytes of a refusal's or a notice's text. */
    public static final int MAX_MESSAGE_BYTES = 1024;

    /** Flag of a request: its sender reads pairs behind the attribute of an answer. */
    public static final int READS_PAIRS = 1;

    /** Key of a request, and of the answer that has heeded it (ADR 11). */
    static final String MIN_LSN_KEY = "min_lsn";

    private RedirectProtocol() {}
}
