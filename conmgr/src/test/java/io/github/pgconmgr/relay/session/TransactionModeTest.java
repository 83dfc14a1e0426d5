package io.github.pgconmgr.relay.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.log.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Transaction mode: a server connection for a transaction, and nothing of it left for the next one. */
class TransactionModeTest {

    private final RelayLab lab =
            new RelayLab(new PoolSample().transaction().workers(1).maxPool(1));
    private final ScriptedConnection one = lab.client();
    private final ScriptedConnection server = lab.server();
    private final ScriptedConnection two = lab.client();

    TransactionModeTest() {
        one.take();
        two.take();
    }

    @Test
    void manyClientsThatWaitForOneWorkerAreAllGreeted() {
        List<ScriptedConnection> clients = new ArrayList<>();
        one.receive(Wire.query("BEGIN"));
        for (int number = 0; number < 5_000; number++) {
            clients.add(lab.client());
        }
        server.receive(Wire.join(Wire.done("BEGIN", 'T')));
        one.receive(Wire.query("COMMIT"));
        server.receive(Wire.done("COMMIT", 'I'));
        for (ScriptedConnection client : clients) {
            assertEquals("R S K Z(I)", Wire.text(client.take()));
        }
        assertEquals(0, lab.network.diallingNow());
    }

    @Test
    void twoClientsShareAServerConnectionOneTransactionAtATime() {
        one.receive(Wire.query("BEGIN"));
        server.receive(Wire.done("BEGIN", 'T'));
        two.receive(Wire.query("SELECT 2"));
        assertEquals("Q(BEGIN)", Wire.text(server.take()));
        one.receive(Wire.query("COMMIT"));
        server.receive(Wire.done("COMMIT", 'I'));
        assertEquals("Q(COMMIT) Q(SELECT 2)", Wire.text(server.take()));
        server.receive(Wire.done("SELECT 1", 'I'));
        assertEquals("C(BEGIN) Z(T) C(COMMIT) Z(I)", Wire.text(one.take()));
        assertEquals("C(SELECT 1) Z(I)", Wire.text(two.take()));
    }

    @Test
    void aPipelineIsOneTransactionUpToItsLastAnswer() {
        one.receive(Wire.join(Wire.query("SELECT 1"), Wire.query("SELECT 2")));
        server.receive(Wire.done("SELECT 1", 'I'));
        two.receive(Wire.query("SELECT 3"));
        assertEquals("Q(SELECT 1) Q(SELECT 2)", Wire.text(server.take()));
        server.receive(Wire.done("SELECT 1", 'I'));
        assertEquals("Q(SELECT 3)", Wire.text(server.take()));
    }

    @Test
    void extendedMessagesKeepTheServerConnectionUntilTheirSyncIsAnswered() {
        one.receive(Wire.join(Wire.message('P', "\0SELECT 1\0\0\0"), Wire.message('H', "")));
        server.receive(Wire.message('1', ""));
        two.receive(Wire.query("SELECT 2"));
        assertFalse(Wire.text(server.take()).contains("SELECT 2"));
        one.receive(Wire.message('S', ""));
        server.receive(Wire.ready('I'));
        assertTrue(Wire.text(server.take()).endsWith("Q(SELECT 2)"));
    }

    @Test
    void aMessageThatHasBegunKeepsTheServerConnection() {
        one.receive(Wire.query("SELECT 1"));
        byte[] next = Wire.query("SELECT 1 again");
        one.receive(Arrays.copyOf(next, 8));
        server.receive(Wire.done("SELECT 1", 'I'));
        two.receive(Wire.query("SELECT 2"));
        one.receive(Arrays.copyOfRange(next, 8, next.length));
        assertEquals("Q(SELECT 1) Q(SELECT 1 again)", Wire.text(server.take()));
    }

    @Test
    void copyInKeepsTheServerConnectionThoughItsFirstSyncIsNeverAnswered() {
        one.receive(Wire.join(
                Wire.message('P', "\0COPY t FROM STDIN\0\0\0"),
                Wire.message('E', "\0\0\0\0\0"),
                Wire.message('S', "")));
        server.receive(Wire.join(Wire.message('1', ""), Wire.message('G', "\0\0\0")));
        two.receive(Wire.query("SELECT 2"));
        one.receive(Wire.join(Wire.message('d', "row\n"), Wire.message('c', "")));
        server.receive(Wire.message('N', "SNOTICE\0"));
        assertFalse(Wire.text(server.take()).contains("SELECT 2"));
        one.receive(Wire.message('S', ""));
        server.receive(Wire.done("COPY 1", 'I'));
        assertTrue(Wire.text(server.take()).endsWith("S Q(SELECT 2)"));
    }

    /** A bad row: the server gives up while the rest of the COPY is still on its way to it, and its client was not read from. */
    @Test
    void aCopyThatFailsWhileItsServerDoesNotReadLetsItsClientGoOn() {
        one.receive(Wire.query("COPY t FROM STDIN"));
        server.receive(Wire.message('G', "\0\0\0"));
        server.congest(true);
        one.receive(Wire.join(Wire.message('d', "row\n"), Wire.message('c', "")));
        assertTrue(one.isPaused());
        server.receive(Wire.join(Wire.message('E', "SERROR\0C22P02\0\0"), Wire.ready('I')));
        server.congest(false);
        assertFalse(one.isPaused());
        server.take();
        one.receive(Wire.query("SELECT 1"));
        assertEquals("Q(SELECT 1)", Wire.text(server.take()));
    }

    /** What a client sends on until it hears that its COPY has failed, the server ignores; no answer comes that would end the turn. */
    @Test
    void whatIsLeftOfAFailedCopyHoldsNoServerConnection() {
        one.receive(Wire.query("COPY t FROM STDIN"));
        server.receive(Wire.message('G', "\0\0\0"));
        server.receive(Wire.join(Wire.message('E', "SERROR\0C22P02\0\0"), Wire.ready('I')));
        one.receive(Wire.join(Wire.message('d', "row\n"), Wire.message('c', "")));
        server.take();
        two.receive(Wire.query("SELECT 2"));
        assertEquals("Q(SELECT 2)", Wire.text(server.take()));
    }

    /** The server ends for such messages: it must still be its sender's by then. */
    @Test
    void whatMakesAServerEndComesToNobodyElse() {
        two.receive(Wire.message('c', "x".repeat(20_000)));
        assertTrue(two.isClosed());
        assertEquals("", Wire.text(server.take()));
        one.receive(Wire.message('p', "secret\0"));
        assertEquals("p(secret)", Wire.text(server.take()));
        ScriptedConnection three = lab.client();
        assertEquals("", Wire.text(three.take()));
        server.receive(Wire.message('E', "SFATAL\0C08P01\0\0"));
        server.hangUp();
        assertEquals("E(SFATAL C08P01)", Wire.text(one.take()));
        lab.server();
        assertTrue(Wire.text(three.take()).endsWith("Z(I)"));
    }

    @Test
    void aClientThatDoesNotReadItsAnswersIsNotReadFromAndHoldsNoServerConnection() {
        one.receive(Wire.query("SELECT 1"));
        one.congest(true);
        server.receive(Wire.done("SELECT 1", 'I'));
        assertTrue(one.isPaused());
        assertFalse(server.isPaused());
        server.take();
        two.receive(Wire.query("SELECT 2"));
        assertEquals("Q(SELECT 2)", Wire.text(server.take()));
        server.receive(Wire.done("SELECT 1", 'I'));
        one.congest(false);
        assertFalse(one.isPaused());
    }

    @Test
    void whatATransactionLeavesInTheSessionIsResetBeforeTheNextClient() {
        for (String tag : List.of("SET", "LISTEN", "PREPARE", "CREATE TABLE")) {
            one.receive(Wire.query(tag));
            server.take();
            server.receive(Wire.done(tag, 'I'));
            two.receive(Wire.query("SELECT 2"));
            assertEquals("Q(DISCARD ALL) Q(SELECT 2)", Wire.text(server.take()), tag);
            server.receive(Wire.done("DISCARD ALL", 'I'));
            server.receive(Wire.done("SELECT 1", 'I'));
        }
    }

    @Test
    void aClientThatIsIdleLivesOnWhenItsInstanceIsLostAndGetsTheNextOne() {
        lab.loseInstance("gone");
        assertTrue(server.isClosed());
        lab.primaryIsAlive();
        one.receive(Wire.query("SELECT 1"));
        ScriptedConnection next = lab.server();
        assertEquals("Q(SELECT 1)", Wire.text(next.take()));
        next.receive(Wire.done("SELECT 1", 'I'));
        assertEquals("C(SELECT 1) Z(I)", Wire.text(one.take()));
    }

    @Test
    void aClientThatLeavesWhileIdleCostsNobodyAnything() {
        one.receive(Wire.message('X', ""));
        assertTrue(one.isClosed());
        assertFalse(server.isClosed());
        assertEquals("", Wire.text(server.take()));
    }

    @Test
    void whatAClientHasAskedThatIsGoneBeforeItsTurnIsNotDone() {
        one.receive(Wire.query("BEGIN"));
        two.receive(Wire.query("DELETE"));
        assertTrue(two.isPaused());
        two.reset();
        assertTrue(two.isClosed());
        server.receive(Wire.done("BEGIN", 'T'));
        one.receive(Wire.query("COMMIT"));
        server.receive(Wire.done("COMMIT", 'I'));
        assertEquals("Q(BEGIN) Q(COMMIT)", Wire.text(server.take()));
    }

    @Test
    void idleClientsAreDisconnectedByClientIdleLimit() {
        RelayLab lab = new RelayLab(new PoolSample().transaction().clientIdleSeconds(30));
        ScriptedConnection client = lab.client();
        lab.server();
        lab.seconds(29);
        assertFalse(client.isClosed());
        lab.seconds(1);
        assertTrue(client.isClosed());
    }

    @Test
    void whatPgjdbcSetsAtItsStartIsNoWarningAndOtherSettingsAre() {
        for (String sql : List.of("SET extra_float_digits = 3", "SET application_name = 'PostgreSQL JDBC Driver'")) {
            one.receive(Wire.query(sql));
            server.receive(Wire.done("SET", 'I'));
        }
        assertEquals(0, lab.log.count(Message.SESSION_STATE_USED));
        one.receive(Wire.query("SET search_path = x"));
        server.receive(Wire.done("SET", 'I'));
        assertEquals(1, lab.log.count(Message.SESSION_STATE_USED));
        two.receive(Wire.query("SET extra_float_digits = 0"));
        server.receive(Wire.join(Wire.done("DISCARD ALL", 'I'), Wire.done("SET", 'I')));
        assertEquals(2, lab.log.count(Message.SESSION_STATE_USED));
    }
}
