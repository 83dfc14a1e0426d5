package io.github.pgconmgr.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class SocketErrorsTest {

    @Test
    void whoMadeTheCallIsNotSaid() {
        assertEquals("Too many open files", reason("accept(..) failed with error(-24): Too many open files"));
        assertEquals("Connection refused", reason("finishConnect(..) failed: Connection refused"));
        assertEquals("Connection reset by peer", reason("Connection reset by peer"));
        assertEquals("java.io.IOException", SocketErrors.reason(new IOException()));
    }

    private static String reason(String message) {
        return SocketErrors.reason(new IOException(message));
    }
}
