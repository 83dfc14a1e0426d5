package io.github.pgconmgr.relay.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.config.RoutingConfig;
import io.github.pgconmgr.log.Message;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Without auth_file and auth_query: client and server authenticate each other, conmgr passes it on. */
class EndToEndTest {

    private final RelayLab lab = new RelayLab(new PoolSample(), Authentications.endToEnd(), RoutingConfig.DEFAULT);
    private final ScriptedConnection client = lab.client(RelayLab.APP);
    private final ScriptedConnection server = lab.serverSilent();

    @Test
    void startUpAndPasswordsPassThroughAndTheCancelKeyDoesNot() {
        assertArrayEquals(Wire.startup(RelayLab.APP), server.take());
        server.receive(Wire.message('R', "\0\0\0\3"));
        assertEquals("R", Wire.text(client.take()));
        client.receive(Wire.message('p', "secret\0"));
        assertEquals("p(secret)", Wire.text(server.take()));
        byte[] welcome = Wire.welcome(7);
        server.receive(welcome);
        byte[] heard = client.take();
        assertEquals(Wire.text(welcome), Wire.text(heard));
        assertFalse(Arrays.equals(welcome, heard), "the key is conmgr's own");
    }

    @Test
    void theServerConnectionIsClosedBehindItsClient() {
        server.take();
        server.receive(Wire.welcome(7));
        client.receive(Wire.query("SELECT 1"));
        server.receive(Wire.done("SELECT 1", 'I'));
        server.take();
        client.receive(Wire.message('X', ""));
        assertEquals("X", Wire.text(server.take()));
        assertTrue(server.isClosed());
    }

    @Test
    void aClientThatNeverFinishesItsLoginIsClosedWithItsServerConnection() {
        server.receive(Wire.message('R', "\0\0\0\3"));
        lab.seconds(60);
        assertTrue(client.isClosed() && server.isClosed());
        assertEquals(4, lab.core.workers().idle());
    }

    @Test
    void theServersRefusalIsTheLastThatTheClientHears() {
        server.receive(Wire.message('E', "SFATAL\0C28P01\0\0"));
        server.hangUp();
        assertEquals("E(SFATAL C28P01)", Wire.text(client.take()));
        assertTrue(client.isClosed());
    }

    /** It is heard of only when the server connection stands: in the middle of somebody else's turn. */
    @Test
    void garbageThatWaitsForItsServerConnectionIsTheClientsFault() {
        ScriptedConnection stranger = lab.client(RelayLab.APP);
        stranger.receive(new byte[] {'Q', 0, 0, 0, 0});
        assertFalse(stranger.isClosed());
        ScriptedConnection its = lab.serverSilent();
        assertTrue(stranger.isClosed() && its.isClosed());
        assertEquals(1, lab.log.count(Message.RELAYED_CLIENT_CLOSED));
        assertEquals(3, lab.core.workers().idle());
    }

    /** All four workers are held by strangers who say nothing; another one waits. */
    @Test
    void whoTakesTooLongToLogInMakesWayForWhoWaits() {
        for (int number = 0; number < 3; number++) {
            lab.client(RelayLab.APP);
            lab.serverSilent();
        }
        ScriptedConnection waiting = lab.client(RelayLab.APP);
        assertEquals(0, lab.network.diallingNow());
        lab.seconds(1);
        assertFalse(client.isClosed());
        lab.seconds(1);
        assertTrue(Wire.text(client.take()).contains("C53300"));
        assertTrue(client.isClosed() && server.isClosed());
        ScriptedConnection next = lab.serverSilent();
        next.receive(Wire.welcome(7));
        assertTrue(Wire.text(waiting.take()).endsWith("Z(I)"));
        lab.seconds(10);
        assertEquals(0, lab.core.workers().idle(), "nobody waits any more: the other three may take their time");
    }

    @Test
    void whoIsInIsNeverSentAwayForWhoWaits() {
        server.receive(Wire.welcome(7));
        client.take();
        for (int number = 0; number < 4; number++) {
            lab.client(RelayLab.APP);
        }
        while (lab.network.diallingNow() > 0) {
            lab.serverSilent().receive(Wire.welcome(8));
        }
        lab.seconds(10);
        assertFalse(client.isClosed());
    }
}
