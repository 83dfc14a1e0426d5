package io.github.pgconmgr.relay.session;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;

/**
 * The relay's core under Jazzer (docs/fuzzing.md), in transaction mode with statements rewritten: a client, and a server, that say
 * anything. The worst that happens is that both connections end; another client's session goes on as if nothing had been.
 */
class RelayFuzzTest {

    private static final int MAX_PIECE = 200;

    @FuzzTest(maxDuration = "24h")
    void aClientThatSaysAnythingHarmsNobodyElse(byte[] bytes) {
        RelayLab lab = lab();
        Bystander other = new Bystander(lab);
        ScriptedConnection hostile = lab.accept();
        for (int at = 0; at < bytes.length && !hostile.isClosed(); at += pieceAt(bytes, at)) {
            tell(hostile, piece(bytes, at));
            while (lab.network.diallingNow() > 0) {
                ScriptedConnection server = lab.serverSilent();
                server.take();
                server.receive(Wire.welcome(7));
            }
        }
        other.requireUntouched();
        hostile.hangUp();
        other.requireNothingLeft();
    }

    @FuzzTest(maxDuration = "24h")
    void aServerThatSaysAnythingHarmsNobodyElse(byte[] bytes) {
        RelayLab lab = lab();
        Bystander other = new Bystander(lab);
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
        other.requireUntouched();
        client.hangUp();
        hostile.hangUp();
        other.requireNothingLeft();
    }

    private static RelayLab lab() {
        return new RelayLab(new PoolSample().transaction().maxPreparedStatements(2));
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
}
