package io.github.pgconmgr.relay.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tags of CommandComplete speak of state that outlives a transaction. */
class SessionStateTest {

    private static @Nullable SessionState of(String tag, boolean inTransaction) {
        BackendMessages messages = new BackendMessages();
        messages.readyForQuery('I');
        int from = messages.size();
        messages.commandComplete(tag);
        int to = messages.size();
        messages.readyForQuery('I');
        ByteBuffer buffer = messages.take();
        return SessionState.of(buffer, from, to, inTransaction);
    }

    @ParameterizedTest
    @EnumSource(SessionState.class)
    void aTagOfSessionStateIsRecognised(SessionState state) {
        assertEquals(state, of(state.tag(), false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SELECT 1",
                "INSERT 0 1",
                "BEGIN",
                "COMMIT",
                "UNLISTEN",
                "RESET",
                "SE",
                "SETS",
                "PREPARE TRANSACTION",
                "DEALLOCATE",
                "LISTE",
                "CREATE TABLE"
            })
    void anotherTagIsNot(String tag) {
        assertNull(of(tag, false));
    }

    @Test
    void withinATransactionASetOrACursorMayEndWithIt() {
        assertNull(of("SET", true));
        assertNull(of("DECLARE CURSOR", true));
        assertEquals(SessionState.LISTEN, of("LISTEN", true));
        assertEquals(SessionState.PREPARE, of("PREPARE", true));
    }
}
