package io.github.pgconmgr.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScriptedPeerTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(50);

    private ScriptedPeer.Listener listener;
    private ScriptedPeer client;
    private ScriptedPeer server;

    @BeforeEach
    void connect() throws IOException {
        listener = ScriptedPeer.listen();
        client = ScriptedPeer.connect("127.0.0.1", listener.port(), LIMIT);
        server = listener.accept(LIMIT);
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
        listener.close();
    }

    @Test
    void bytesArriveAsSent() throws IOException {
        client.send("00 ff 10");
        assertEquals(3, client.sendSlowly("010203", Duration.ofMillis(1)));
        server.expect("00ff10 010203");
        server.expectSilence(SHORT);
    }

    @Test
    void otherBytesAreAnError() throws IOException {
        client.send("01");
        assertThrows(AssertionError.class, () -> server.expect("02"));
        client.send("01");
        assertThrows(AssertionError.class, () -> server.expectEnd());
        client.send("01");
        assertThrows(AssertionError.class, () -> server.expectSilence(SHORT));
    }

    @Test
    void bothWaysToCloseAreAnEnd() throws IOException {
        client.finish();
        server.expectEnd();
        server.reset();
        client.expectEnd();
    }

    @Test
    void waitingHasALimit() throws IOException {
        try (ScriptedPeer hasty = ScriptedPeer.connect("127.0.0.1", listener.port(), SHORT)) {
            assertThrows(AssertionError.class, () -> hasty.receive(1));
            assertThrows(AssertionError.class, hasty::expectEnd);
        }
        listener.accept(LIMIT).close();
        assertThrows(AssertionError.class, () -> listener.accept(SHORT));
    }
}
