package io.github.pgconmgr.relay.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.pgconmgr.log.Message;
import java.util.List;

/** Another client of the relay, in a transaction: whatever somebody does beside it, it must not notice. Confined to the test's thread. */
final class Bystander {

    private final RelayLab lab;
    private final int workers;
    private final ScriptedConnection client;
    private final ScriptedConnection server;

    Bystander(RelayLab lab) {
        this.lab = lab;
        workers = lab.core.workers().idle();
        RelayLab.Pair pair = lab.attached();
        client = pair.client();
        server = pair.server();
        client.receive(Wire.query("BEGIN"));
        server.receive(Wire.done("BEGIN", 'T'));
        client.take();
        server.take();
    }

    /** While the others are there still, and what they said was heard. */
    void requireUntouched() {
        lab.millis(10);
        assertEquals("", Wire.text(client.take()), "somebody else got an answer");
        assertEquals("", Wire.text(server.take()), "somebody else's server got a question");
        client.receive(Wire.query("SELECT 2"));
        assertEquals("Q(SELECT 2)", Wire.text(server.take()));
        server.receive(Wire.done("SELECT 2", 'I'));
        assertEquals("C(SELECT 2) Z(I)", Wire.text(client.take()));
        assertFalse(client.isClosed() || server.isClosed(), "somebody else's connection was closed");
    }

    /** When the others have gone: this client goes as well, all workers are free, and conmgr has found no mistake of its own. */
    void requireNothingLeft() {
        client.hangUp();
        lab.seconds(70);
        assertEquals(List.of(), lab.log.texts(Message.RELAY_INTERNAL_ERROR));
        assertEquals(workers, lab.core.workers().idle());
    }
}
