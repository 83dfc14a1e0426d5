package io.github.pgconmgr.relay.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.pgconmgr.log.Message;
import java.util.Arrays;
import java.util.List;

/**
 * The relay's core under Jazzer (docs/fuzzing.md), in transaction mode with statements rewritten: a client, and a server, that say
 * anything. The worst that happens is that both connections end; another client's session goes on as if nothing had been.
 */
class RelayFuzzTest {

    private static final int MAX_PIECE = 200;

    @FuzzTest(maxDuration = "24h")
    void aClientThatSaysAnythingHarmsNobodyElse(byte[] bytes) {
        RelayLab lab = lab();
        RelayLab.Pair other = inTransaction(lab);
        ScriptedConnection hostile = lab.accept();
        for (int at = 0; at < bytes.length && !hostile.isClosed(); at += pieceAt(bytes, at)) {
            tell(hostile, piece(bytes, at));
            while (lab.network.diallingNow() > 0) {
                ScriptedConnection server = lab.serverSilent();
                server.take();
                server.receive(Wire.welcome(7));
            }
        }
        requireUnharmed(lab, other);
    }

    @FuzzTest(maxDuration = "24h")
    void aServerThatSaysAnythingHarmsNobodyElse(byte[] bytes) {
        RelayLab lab = lab();
        RelayLab.Pair other = inTransaction(lab);
        ScriptedConnection client = lab.client();
        ScriptedConnection hostile = lab.serverSilent();
        if (bytes.length > 0 && (bytes[0] & 1) == 0) {
            hostile.receive(Wire.welcome(9));
            client.receive(Wire.query("SELECT 1"));
        }
        for (int at = 1; at < bytes.length && !hostile.isClosed(); at += pieceAt(bytes, at)) {
            tell(hostile, piece(bytes, at));
            client.settle();
        }
        requireUnharmed(lab, other);
    }

    private static RelayLab lab() {
        return new RelayLab(new PoolSample().transaction().maxPreparedStatements(2));
    }

    /** Somebody else, whose server connection nobody may have now. */
    private static RelayLab.Pair inTransaction(RelayLab lab) {
        RelayLab.Pair other = lab.attached();
        other.client().receive(Wire.query("BEGIN"));
        other.server().receive(Wire.done("BEGIN", 'T'));
        other.client().take();
        other.server().take();
        return other;
    }

    /** Its first byte is the length of a piece, which follows. */
    private static int pieceAt(byte[] bytes, int at) {
        return 1 + Math.min(Byte.toUnsignedInt(bytes[at]) % MAX_PIECE, bytes.length - at - 1);
    }

    private static byte[] piece(byte[] bytes, int at) {
        return Arrays.copyOfRange(bytes, at + 1, at + pieceAt(bytes, at));
    }

    /** The sockets' side never hands over an empty piece. */
    private static void tell(ScriptedConnection hostile, byte[] piece) {
        if (piece.length > 0) {
            hostile.receive(piece);
        }
    }

    private static void requireUnharmed(RelayLab lab, RelayLab.Pair other) {
        lab.millis(10);
        assertEquals("", Wire.text(other.client().take()), "somebody else got an answer");
        assertEquals("", Wire.text(other.server().take()), "somebody else's server got a question");
        other.query("SELECT 2");
        assertFalse(other.client().isClosed() || other.server().isClosed(), "somebody else's connection was closed");
        assertEquals(List.of(), lab.log.texts(Message.RELAY_INTERNAL_ERROR));
    }
}
