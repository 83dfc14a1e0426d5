package io.github.pgconmgr.relay.prepared;

/** What becomes of a message of the server. */
public enum Answer {
    /** The client gets it. */
    FORWARD,
    /** It answers something that conmgr has asked. */
    SWALLOW,
    /** The client gets ParseComplete in its place. */
    PARSE_COMPLETE
}
