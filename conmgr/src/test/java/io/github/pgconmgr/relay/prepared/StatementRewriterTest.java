package io.github.pgconmgr.relay.prepared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.relay.protocol.MalformedException;
import io.github.pgconmgr.relay.protocol.MessageSink;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What goes over the wire, message by message. */
class StatementRewriterTest {

    private final PreparedStatements all = new PreparedStatements(2);
    private final ServerStatements server = all.forServer();
    private final StatementRewriter client = all.forClient();
    private final List<String> sent = new ArrayList<>();
    private final StringBuilder bytes = new StringBuilder();
    private final ToServer out = new ToServer() {
        @Override
        public void forward(ByteBuffer buffer, int from, int to) {
            for (int i = from; i < to; i++) {
                bytes.append((char) (buffer.get(i) & 0xff));
            }
        }

        @Override
        public void send(ByteBuffer own) {
            forward(own, own.position(), own.limit());
        }
    };

    private void send(StatementRewriter from, ByteBuffer message) {
        from.onMessage(message.get(0), message, 0, message.limit(), out);
        takeSent();
    }

    private void takeSent() {
        while (bytes.length() >= 5) {
            ByteBuffer header = ByteBuffer.wrap(bytes.substring(0, 5).getBytes(StandardCharsets.ISO_8859_1));
            int length = 1 + header.getInt(1);
            if (bytes.length() < length) {
                return;
            }
            sent.add(bytes.charAt(0) + bytes.substring(5, length).replace('\0', '|'));
            bytes.delete(0, length);
        }
    }

    private Answer answer(StatementRewriter to, char type, String body) {
        ByteBuffer message = Messages.message(type, body);
        return to.onAnswer(type, message, 0, message.limit());
    }

    private void prepared(StatementRewriter by, String name, String text) {
        send(by, Messages.parse(name, text));
        answer(by, '1', "");
        send(by, Messages.sync());
        answer(by, 'Z', "I");
        sent.clear();
    }

    @Test
    void aNamedStatementGetsANameOfOursAndFollowsItsClient() {
        client.attach(server);
        send(client, Messages.parse("s", "SELECT 1"));
        send(client, Messages.bind("p", "s", "x"));
        send(client, Messages.describe('S', "s"));
        send(client, Messages.execute("p"));
        send(client, Messages.sync());
        assertEquals(List.of("P_conmgr_1|SELECT 1|||", "Bp|_conmgr_1|||||||x", "DS_conmgr_1|", "Ep|||||", "S"), sent);
        assertEquals(Answer.FORWARD, answer(client, '1', ""));
        sent.clear();
        client.attach(all.forServer());
        send(client, Messages.bind("", "s", ""));
        assertEquals(List.of("P_conmgr_1|SELECT 1|||", "B|_conmgr_1|||||||"), sent);
        assertEquals(Answer.SWALLOW, answer(client, '1', ""));
        assertEquals(Answer.FORWARD, answer(client, '2', ""));
    }

    @Test
    void whatTheServerHasAlreadyIsNotParsedAgain() {
        client.attach(server);
        prepared(client, "s", "SELECT 1");
        StatementRewriter other = all.forClient();
        other.attach(server);
        send(other, Messages.parse("t", "SELECT 1"));
        send(other, Messages.bind("", "t", ""));
        assertEquals(List.of("CS_conmgr_0|", "B|_conmgr_1|||||||"), sent);
        assertEquals(Answer.PARSE_COMPLETE, answer(other, '3', ""));
        assertEquals(1, all.size());
    }

    @Test
    void unnamedStatementsPortalsAndNamesThatAreNotOursGoThrough() {
        client.attach(server);
        send(client, Messages.parse("", "SELECT 1"));
        send(client, Messages.bind("p", "", ""));
        send(client, Messages.bind("p", "sql", ""));
        send(client, Messages.describe('P', "p"));
        send(client, Messages.close('P', "p"));
        send(client, Messages.close('S', "sql"));
        assertEquals(List.of("P|SELECT 1|||", "Bp||||||||", "Bp|sql|||||||", "DPp|", "CPp|", "CSsql|"), sent);
        assertEquals(0, all.size());
    }

    @Test
    void closeLeavesTheStatementToOthers() {
        client.attach(server);
        prepared(client, "s", "SELECT 1");
        send(client, Messages.close('S', "s"));
        assertEquals(List.of("CS_conmgr_0|"), sent);
        assertEquals(Answer.FORWARD, answer(client, '3', ""));
        assertEquals(0, client.size());
        assertEquals(1, server.size());
    }

    @Test
    void theOneNotUsedForLongestMakesRoom() {
        client.attach(server);
        prepared(client, "a", "A");
        prepared(client, "b", "B");
        send(client, Messages.bind("", "a", ""));
        send(client, Messages.sync());
        answer(client, 'Z', "I");
        sent.clear();
        send(client, Messages.parse("c", "C"));
        assertEquals(List.of("CS_conmgr_2|", "P_conmgr_3|C|||"), sent);
        assertEquals(Answer.SWALLOW, answer(client, '3', ""));
        assertEquals(Answer.FORWARD, answer(client, '1', ""));
        assertEquals(2, server.size());
    }

    @Test
    void anErrorInOurParseIsTheClientsAndIsTriedAgainTheNextTime() {
        client.attach(server);
        prepared(client, "s", "SELECT 1");
        ServerStatements next = all.forServer();
        client.attach(next);
        send(client, Messages.bind("", "s", ""));
        send(client, Messages.sync());
        assertEquals(Answer.FORWARD, answer(client, 'E', "C42P01\0\0"));
        assertEquals(0, next.size());
        assertEquals(Answer.FORWARD, answer(client, 'Z', "I"));
        sent.clear();
        send(client, Messages.bind("", "s", ""));
        assertEquals("P_conmgr_1|SELECT 1|||", sent.get(0));
    }

    @Test
    void discardAllAndDeallocateAllForgetWhatClientAndServerHad() {
        for (String tag : new String[] {"DISCARD ALL\0", "DEALLOCATE ALL\0"}) {
            client.attach(server);
            prepared(client, "s", "SELECT 1");
            send(client, Messages.query(tag));
            answer(client, 'C', tag);
            answer(client, 'Z', "I");
            assertEquals(0, client.size());
            assertEquals(0, server.size());
        }
        prepared(client, "s", "SELECT 1");
        answer(client, 'C', "DISCARD ALX\0");
        assertEquals(1, server.size());
        assertTrue(client.wantsWholeAnswer('C', 16) && client.wantsWholeAnswer('C', 19));
        assertFalse(client.wantsWholeAnswer('C', 17) || client.wantsWholeAnswer('D', 16));
    }

    @Test
    void aStatementWhoseTableHasChangedIsParsedAnewWhenItIsPreparedAgain() {
        client.attach(server);
        prepared(client, "s", "TABLE t");
        send(client, Messages.bind("", "s", ""));
        answer(client, 'E', "SERROR\0C0A000\0Mwhatever\0RRevalidateCachedQuery\0\0");
        send(client, Messages.sync());
        answer(client, 'Z', "I");
        send(client, Messages.close('S', "s"));
        sent.clear();
        send(client, Messages.parse("s", "TABLE t"));
        assertEquals(List.of("CS_conmgr_1|", "P_conmgr_1|TABLE t|||"), sent);
    }

    @Test
    void aSyncThatCopyHasReadIsNotAnswered() {
        client.attach(server);
        prepared(client, "s", "COPY t FROM STDIN");
        send(client, Messages.bind("", "s", ""));
        send(client, Messages.execute(""));
        send(client, Messages.sync());
        answer(client, '2', "");
        answer(client, 'G', "\0\0\0");
        send(client, Messages.message('d', "1\n"));
        send(client, Messages.sync());
        send(client, Messages.message('c', ""));
        send(client, Messages.sync());
        sent.clear();
        answer(client, 'C', "COPY 1\0");
        answer(client, 'Z', "I");
        ServerStatements next = all.forServer();
        client.attach(next);
        send(client, Messages.bind("", "s", ""));
        assertEquals(Answer.SWALLOW, answer(client, '1', ""));
    }

    @Test
    void aNameMayBePreparedAgainAndAFailureKeepsTheFirst() {
        client.attach(server);
        prepared(client, "s", "A");
        send(client, Messages.parse("s", "bad"));
        answer(client, 'E', "C42601\0\0");
        send(client, Messages.sync());
        answer(client, 'Z', "I");
        sent.clear();
        send(client, Messages.bind("", "s", ""));
        assertEquals(List.of("B|_conmgr_1|||||||"), sent);
    }

    @Test
    void aLongBindIsRenamedWithoutBeingKept() {
        client.attach(server);
        prepared(client, "s", "SELECT $1");
        ByteBuffer bind = Messages.bind("portal", "s", "x".repeat(100_000));
        client.onPiece('B', bind, 0, 7, MessageSink.Place.FIRST, out);
        assertEquals(0, bytes.length());
        client.onPiece('B', bind, 7, 40_000, MessageSink.Place.MIDDLE, out);
        assertTrue(bytes.length() > 39_000);
        client.onPiece('B', bind, 40_000, bind.limit(), MessageSink.Place.LAST, out);
        takeSent();
        assertEquals("Bportal|_conmgr_1|||||||" + "x".repeat(100_000), sent.get(0));
    }

    @Test
    void aStatementMayBeLongerThanAChunkButNotWithoutLimit() {
        client.attach(server);
        ByteBuffer parse = Messages.parse("s", "x".repeat(500_000));
        client.onPiece('P', parse, 0, 5, MessageSink.Place.FIRST, out);
        client.onPiece('P', parse, 5, 300_000, MessageSink.Place.MIDDLE, out);
        client.onPiece('P', parse, 300_000, parse.limit(), MessageSink.Place.LAST, out);
        takeSent();
        assertEquals("P_conmgr_1|" + "x".repeat(500_000) + "|||", sent.get(0));

        ByteBuffer tooLong = Messages.parse("t", "x".repeat(StatementRewriter.MAX_DEFINITION_BYTES));
        assertThrows(
                MalformedException.class,
                () -> client.onPiece('P', tooLong, 0, tooLong.limit(), MessageSink.Place.FIRST, out));

        ByteBuffer unnamed = Messages.parse("", "y".repeat(2_000_000));
        sent.clear();
        client.onPiece('P', unnamed, 0, 5, MessageSink.Place.FIRST, out);
        client.onPiece('P', unnamed, 5, 1000, MessageSink.Place.MIDDLE, out);
        client.onPiece('P', unnamed, 1000, unnamed.limit(), MessageSink.Place.LAST, out);
        takeSent();
        assertEquals(1, sent.size());
    }

    @Test
    void aClientCannotHaveStatementsWithoutEnd() {
        PreparedStatements many = new PreparedStatements(10_000);
        ServerStatements large = many.forServer();
        StatementRewriter one = many.forClient();
        one.attach(large);
        for (int i = 0; i < ClientStatements.MAX_STATEMENTS; i++) {
            prepared(one, "s" + i, "SELECT " + i);
        }
        assertThrows(MalformedException.class, () -> send(one, Messages.parse("t", "SELECT")));
        StatementRewriter other = many.forClient();
        other.attach(large);
        int each = 1_000_000;
        for (int i = 0; i < ClientStatements.MAX_TOTAL_BYTES / each; i++) {
            prepared(other, "s" + i, i + "x".repeat(each - 10));
        }
        assertThrows(MalformedException.class, () -> send(other, Messages.parse("t", "x".repeat(each))));
        assertThrows(MalformedException.class, () -> send(other, Messages.parse("n".repeat(each), "x")));
        other.end();
        one.end();
        assertEquals(large.size(), many.size(), "what the server connection still has");
        large.clear();
        assertEquals(0, many.size());
    }

    @Test
    void messagesWithoutANamesEndAreRefused() {
        client.attach(server);
        for (ByteBuffer bad : List.of(
                Messages.message('P', "abc"),
                Messages.message('B', "abc"),
                Messages.message('B', "a\0bc"),
                Messages.message('D', "Sabc"),
                Messages.message('C', "Sabc"))) {
            assertThrows(MalformedException.class, () -> send(client, bad));
        }
        ByteBuffer names = Messages.message('B', "n".repeat(20_000));
        assertThrows(
                MalformedException.class, () -> client.onPiece('B', names, 0, 19_000, MessageSink.Place.FIRST, out));
    }
}
