package io.github.pgconmgr.relay.session;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * The core under Jazzer (docs/fuzzing.md), its seeds recorded from psql, pgbench, pgjdbc, psycopg, asyncpg and PostgreSQL 15: whatever one
 * side sends behind the start-up packet, another client has its own answer, the workers come back, and conmgr finds no mistake of its own.
 */
class RecordedTrafficFuzzTest {

    private static final int MOST_CHUNK_BYTES = 97;

    private static List<PoolSample> pools() {
        return List.of(new PoolSample(), new PoolSample().transaction().maxPreparedStatements(10));
    }

    /** As the network may cut it: in pieces of a size that the bytes themselves choose. */
    private static void inPieces(byte[] bytes, Consumer<byte[]> receiver) {
        int step = 1 + bytes.length % MOST_CHUNK_BYTES;
        for (int from = 0; from < bytes.length; from += step) {
            receiver.accept(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + step)));
        }
    }

    /** Who is not read from now is not heard. */
    private static void tell(ScriptedConnection connection, byte[] piece) {
        if (!connection.isPaused()) {
            connection.receive(piece);
        }
    }

    /** A server that says yes to all that it understands. */
    private record Obedient(ScriptedConnection server, ByteArrayOutputStream heard) {

        void answer() {
            heard.writeBytes(server.take());
            ByteBuffer in = ByteBuffer.wrap(heard.toByteArray());
            heard.reset();
            while (in.remaining() >= 5 && in.remaining() > in.getInt(in.position() + 1)) {
                char type = (char) in.get();
                in.position(in.position() + in.getInt(in.position()));
                server.receive(answerTo(type));
            }
            heard.write(in.array(), in.position(), in.remaining());
        }

        private static byte[] answerTo(char type) {
            return switch (type) {
                case 'Q' -> Wire.done("SELECT 1", 'I');
                case 'S' -> Wire.ready('I');
                case 'P' -> Wire.message('1', "");
                case 'B' -> Wire.message('2', "");
                case 'C' -> Wire.message('3', "");
                case 'E' -> Wire.message('C', "SELECT 1\0");
                default -> new byte[0];
            };
        }
    }

    @FuzzTest(maxDuration = "24h")
    void aClientThatSendsAnythingHarmsNobodyElse(byte[] bytes) {
        for (PoolSample pool : pools()) {
            RelayLab lab = new RelayLab(pool);
            Bystander bystander = new Bystander(lab);
            ScriptedConnection client = lab.client("user", "fuzz");
            Obedient server = new Obedient(lab.server(), new ByteArrayOutputStream());
            inPieces(bytes, piece -> {
                tell(client, piece);
                server.answer();
            });
            bystander.requireUntouched();
            client.hangUp();
            server.answer();
            bystander.requireNothingLeft();
        }
    }

    @FuzzTest(maxDuration = "24h")
    void aServerThatSendsAnythingHarmsOnlyItsClient(byte[] bytes) {
        for (PoolSample pool : pools()) {
            RelayLab lab = new RelayLab(pool);
            Bystander bystander = new Bystander(lab);
            ScriptedConnection client = lab.client("user", "fuzz");
            ScriptedConnection server = lab.serverSilent();
            inPieces(bytes, piece -> {
                tell(server, piece);
                tell(client, Wire.query("SELECT 1"));
            });
            bystander.requireUntouched();
            client.hangUp();
            server.hangUp();
            bystander.requireNothingLeft();
        }
    }
}
