package io.github.pgconmgr.relay.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.topology.SessionsLost;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Lost instances, cancel requests, slow readers, and what no client should send. */
class FailureTest {

    private final RelayLab lab = new RelayLab(new PoolSample());

    @Test
    @Proves("A2")
    void aLostInstanceEndsItsClientsWith57P01AndClosesWhatIsCached() {
        RelayLab.Pair cached = lab.attached();
        cached.leave();
        RelayLab.Pair pair = new RelayLab.Pair(lab.client("user", "b"), lab.server());
        pair.client().take();
        pair.client().receive(Wire.query("SELECT pg_sleep(100)"));
        lab.loseInstance("no heartbeat for 20.0 s");
        String text = Wire.text(pair.client().take());
        assertTrue(text.contains("SFATAL VFATAL C57P01 Mterminating connection because instance 0 is lost: no"), text);
        assertTrue(pair.client().isClosed()
                && pair.server().isClosed()
                && cached.server().isClosed());
        assertEquals(4, lab.core.workers().idle());
    }

    @Test
    void inTheMiddleOfAMessageTheConnectionJustEnds() {
        RelayLab.Pair pair = lab.attached();
        pair.client().receive(Wire.query("SELECT big"));
        pair.server().receive(Arrays.copyOf(Wire.message('D', "x".repeat(20_000)), 5_000));
        byte[] sent = pair.client().take();
        assertEquals(5_000, sent.length);
        lab.loseInstance("gone");
        assertEquals(0, pair.client().take().length);
        assertTrue(pair.client().isClosed());
    }

    @Test
    void whoConnectedBehindTheLossIsNotMeant() {
        long generation = lab.topology.snapshot().generation();
        RelayLab.Pair pair = lab.attached();
        lab.core.onSessionsLost(new SessionsLost(0, 100, "old", generation), lab.network.now());
        assertFalse(pair.client().isClosed());
    }

    @Test
    void aServerThatClosesWithoutAWordGivesTheClient08006() {
        RelayLab.Pair pair = lab.attached();
        pair.server().hangUp();
        assertTrue(Wire.text(pair.client().take()).contains("C08006"));
        assertTrue(pair.client().isClosed());
    }

    @Test
    void aServersOwnLastWordIsTheLast() {
        RelayLab.Pair pair = lab.attached();
        pair.server().receive(Wire.message('E', "SFATAL\0C57P01\0\0"));
        pair.server().hangUp();
        assertEquals("E(SFATAL C57P01)", Wire.text(pair.client().take()));
        assertTrue(pair.client().isClosed());
    }

    @Test
    void aCancelRequestWithTheClientsOwnKeyReachesItsServerWithTheServersKey() {
        ScriptedConnection client = lab.client();
        ScriptedConnection server = lab.server();
        byte[] cancel = cancelOf(client);
        client.receive(Wire.query("SELECT pg_sleep(100)"));
        ScriptedConnection asker = lab.accept();
        asker.receive(cancel);
        ScriptedConnection cancelling = lab.serverSilent();
        assertArrayEquals(Wire.cancel(101, ByteBuffer.allocate(4).putInt(707).array()), cancelling.take());
        client.hangUp();
        assertTrue(server.isClosed(), "nobody else gets a connection that is being cancelled");
        lab.network.advanceNanos(Cancellation.LIMIT_NANOS - 1);
        assertFalse(cancelling.isClosed() || asker.isClosed());
        lab.network.advanceNanos(1);
        assertTrue(cancelling.isClosed() && asker.isClosed());
    }

    /** PQcancel takes the end of its connection for the end of the cancel, and the program goes on with its next statement. */
    @Test
    void whoAsksToCancelIsLetGoWhenTheServerHasDoneIt() {
        ScriptedConnection asker = asker();
        ScriptedConnection cancelling = lab.serverSilent();
        assertFalse(asker.isClosed());
        cancelling.hangUp();
        assertTrue(asker.isClosed());
    }

    @Test
    void whoAsksToCancelIsLetGoWhenTheServerCannotBeReached() {
        ScriptedConnection asker = asker();
        assertFalse(asker.isClosed());
        lab.network.refuse();
        assertTrue(asker.isClosed());
    }

    @Test
    void whoSpeaksBehindACancelRequestIsClosedAndTheCancelGoesOn() {
        ScriptedConnection asker = asker();
        asker.receive(Wire.startup(RelayLab.APP));
        assertTrue(asker.isClosed());
        assertEquals(12 + 4, lab.serverSilent().take().length);
    }

    /** Who has asked to cancel what an attached client does; the cancel is being dialled. */
    private ScriptedConnection asker() {
        ScriptedConnection client = lab.client();
        lab.server();
        ScriptedConnection asker = lab.accept();
        asker.receive(cancelOf(client));
        return asker;
    }

    private static byte[] cancelOf(ScriptedConnection client) {
        byte[] key = keyOf(client.take());
        return Wire.cancel(ByteBuffer.wrap(key).getInt(), Arrays.copyOfRange(key, 4, 8));
    }

    /** Process id and secret of the BackendKeyData in a greeting. */
    static byte[] keyOf(byte[] greeting) {
        ByteBuffer in = ByteBuffer.wrap(greeting);
        while (in.get() != 'K') {
            in.position(in.position() + in.getInt(in.position()));
        }
        byte[] key = new byte[in.getInt() - 4];
        in.get(key);
        return key;
    }

    @Test
    void aWrongCancelKeyIsIgnoredAndLogged() {
        ScriptedConnection client = lab.client();
        lab.server();
        byte[] key = keyOf(client.take());
        ScriptedConnection guessing = lab.accept();
        guessing.receive(Wire.cancel(ByteBuffer.wrap(key).getInt(), new byte[] {1, 2, 3, 4}));
        assertTrue(guessing.isClosed());
        lab.accept().receive(Wire.cancel(ByteBuffer.wrap(key).getInt(), Arrays.copyOfRange(key, 4, 7)));
        assertEquals(0, lab.network.diallingNow());
        assertEquals(1, lab.log.count(Message.CANCEL_KEY_WRONG));
    }

    @Test
    void aClientThatDoesNotReadStopsItsServerFromBeingRead() {
        RelayLab.Pair pair = lab.attached();
        pair.client().receive(Wire.query("SELECT big"));
        pair.client().congest(true);
        pair.server().receive(Wire.message('D', "x"));
        assertTrue(pair.server().isPaused());
        pair.client().congest(false);
        assertFalse(pair.server().isPaused());
    }

    @Test
    void aServerThatDoesNotReadStopsItsClientFromBeingRead() {
        RelayLab.Pair pair = lab.attached();
        pair.server().congest(true);
        pair.client().receive(Wire.query("SELECT 1"));
        assertTrue(pair.client().isPaused());
        pair.server().congest(false);
        assertFalse(pair.client().isPaused());
    }

    @Test
    void aClientThatDoesNotReadWhatConmgrItselfAnswersIsNotReadFrom() {
        RelayLab.Pair pair = lab.attached();
        pair.client().congest(true);
        pair.client().receive(Wire.query("PGPOOL SHOW client_idle_limit"));
        assertTrue(pair.client().isPaused());
        pair.client().congest(false);
        assertFalse(pair.client().isPaused());
        pair.query("SELECT 1");
    }

    @Test
    void whatAClientSaysTooEarlyIsKeptAndNoMoreIsRead() {
        RelayLab lab = new RelayLab(new PoolSample().workers(1));
        RelayLab.Pair first = lab.attached();
        ScriptedConnection early = lab.client();
        early.receive(Wire.query("SELECT 1"));
        assertTrue(early.isPaused());
        first.leave();
        assertEquals("Q(SELECT 1)", Wire.text(first.server().take()));
        assertFalse(early.isPaused());
    }

    @Test
    void garbageEndsItsSenderAndNobodyElse() {
        RelayLab.Pair good = lab.attached();
        RelayLab.Pair bad = lab.attached();
        bad.client().receive(new byte[] {'Q', -1, -1, -1, -1});
        assertTrue(bad.client().isClosed());
        assertEquals("", Wire.text(bad.server().take()), "the server hears nothing of it");
        assertFalse(good.client().isClosed() || good.server().isClosed());
        good.query("SELECT 1");
    }

    @Test
    void aStartUpPacketOfAnImpossibleLengthIsNotWaitedFor() {
        ScriptedConnection client = lab.accept();
        client.receive(new byte[] {0, 0, 0x27, 0x11});
        assertTrue(client.isClosed());
    }

    @Test
    void bytesBehindAnSslRequestEndTheConnection() {
        ScriptedConnection client = lab.accept();
        client.receive(
                Wire.join(ByteBuffer.allocate(8).putInt(8).putInt(80877103).array(), Wire.startup(RelayLab.APP)));
        assertTrue(client.isClosed());
        assertEquals(0, lab.network.diallingNow());
    }

    @Test
    void encryptionIsDeclinedOnceEachAndTheStartUpGoesOn() {
        ScriptedConnection client = lab.accept();
        client.receive(ByteBuffer.allocate(8).putInt(8).putInt(80877104).array());
        client.receive(ByteBuffer.allocate(8).putInt(8).putInt(80877103).array());
        assertEquals("NN", new String(client.take(), StandardCharsets.US_ASCII));
        client.receive(Wire.startup(RelayLab.APP));
        assertEquals(1, lab.network.diallingNow());
        ScriptedConnection twice = lab.accept();
        twice.receive(ByteBuffer.allocate(8).putInt(8).putInt(80877103).array());
        twice.receive(ByteBuffer.allocate(8).putInt(8).putInt(80877103).array());
        assertTrue(twice.isClosed());
    }

    @Test
    void stopTellsEveryClientAndClosesEverything() {
        RelayLab.Pair cached = lab.attached();
        cached.leave();
        RelayLab.Pair pair = new RelayLab.Pair(lab.client("user", "b"), lab.server());
        pair.client().take();
        lab.core.stop(lab.network.now());
        assertTrue(
                Wire.text(pair.client().take()).contains("C57P01 Mterminating connection because conmgr is stopping"));
        assertTrue(pair.client().isClosed()
                && pair.server().isClosed()
                && cached.server().isClosed());
    }
}
