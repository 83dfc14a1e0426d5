package io.github.pgconmgr.relay.protocol;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a client may leave in a session beyond its transaction, as far as the tag of CommandComplete shows it. In transaction mode it stays
 * in a server connection that another client gets next. What no tag shows (advisory locks, temporary tables, set_config) is not
 * found.
 */
public enum SessionState {
    SET,
    LISTEN,
    PREPARE,
    /** Outside a transaction block it is one WITH HOLD. */
    DECLARE_CURSOR("DECLARE CURSOR"),
    LOAD;

    private static final SessionState[] ALL = values();

    private final String tag;

    SessionState() {
        this.tag = name();
    }

    SessionState(String tag) {
        this.tag = tag;
    }

    /** The tag. */
    public String tag() {
        return tag;
    }

    /**
     * The state that a CommandComplete speaks of; null for almost all. Allocates nothing.
     *
     * @param from index of the message's type
     * @param to behind its last byte
     * @param inTransaction whether the client was in a transaction block: a SET there may be a SET LOCAL, a cursor ends with the block
     */
    public static @Nullable SessionState of(ByteBuffer buffer, int from, int to, boolean inTransaction) {
        int start = from + MessageScanner.HEADER_BYTES;
        int length = to - start - 1;
        for (SessionState state : ALL) {
            if (state.tag.length() == length && state.matches(buffer, start)) {
                return inTransaction && (state == SET || state == DECLARE_CURSOR) ? null : state;
            }
        }
        return null;
    }

    private boolean matches(ByteBuffer buffer, int start) {
        for (int i = 0; i < tag.length(); i++) {
            if (buffer.get(start + i) != tag.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
