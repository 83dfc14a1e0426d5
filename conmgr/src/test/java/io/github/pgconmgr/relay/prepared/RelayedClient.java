package io.github.pgconmgr.relay.prepared;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.relay.protocol.MessageScanner;
import io.github.pgconmgr.relay.protocol.MessageSink;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One client of a simulated relay in transaction mode: its bytes come in chunks of any size, go through the scanner and the rewriter to a
 * model server, whose answers come when the test lets them.
 */
final class RelayedClient implements MessageSink {

    /** A server connection. */
    record Server(ModelServer model, ServerStatements statements) {}

    private final StatementRewriter rewriter;
    private final MessageScanner scanner = new MessageScanner();
    private final ByteArrayOutputStream toServer = new ByteArrayOutputStream();
    private final ArrayDeque<String> fromServer = new ArrayDeque<>();
    private final List<String> seen = new ArrayList<>();
    private final Random random;
    private Server server;

    RelayedClient(PreparedStatements all, Random random) {
        this.rewriter = all.forClient();
        this.random = random;
    }

    void attach(Server next) {
        server = next;
        rewriter.attach(next.statements());
    }

    /** What the client has been sent so far. */
    List<String> seen() {
        return seen;
    }

    StatementRewriter rewriter() {
        return rewriter;
    }

    /** The client sends it, cut anywhere; the server may have read it when this comes back, or not. */
    void send(ByteBuffer message) {
        while (message.hasRemaining()) {
            int length = Math.min(1 + random.nextInt(random.nextBoolean() ? 8 : 40_000), message.remaining());
            scanner.scan(message.slice(message.position(), length), this);
            message.position(message.position() + length);
        }
        if (random.nextInt(3) == 0) {
            serverReads();
        }
        while (!fromServer.isEmpty() && random.nextBoolean()) {
            answer(fromServer.remove());
        }
    }

    /** Everything is read and answered. */
    void settle() {
        serverReads();
        while (!fromServer.isEmpty()) {
            answer(fromServer.remove());
            serverReads();
        }
        assertFalse(rewriter.isHolding());
    }

    /** A message may be there in part: the rest of it stays. */
    private void serverReads() {
        ByteBuffer bytes = ByteBuffer.wrap(toServer.toByteArray());
        toServer.reset();
        while (bytes.remaining() >= 5 && bytes.getInt(bytes.position() + 1) < bytes.remaining()) {
            int length = 1 + bytes.getInt(bytes.position() + 1);
            for (String answer : server.model().handle(bytes.slice(bytes.position(), length))) {
                fromServer.add(answer);
            }
            bytes.position(bytes.position() + length);
        }
        toServer.write(bytes.array(), bytes.position(), bytes.remaining());
    }

    private void answer(String answer) {
        ByteBuffer bytes = Messages.answer(answer);
        switch (rewriter.onAnswer(answer.charAt(0), bytes, 0, bytes.limit())) {
            case FORWARD -> seen.add(answer);
            case PARSE_COMPLETE -> seen.add("1");
            case SWALLOW -> assertTrue(answer.equals("1") || answer.equals("3"), answer);
        }
        rewriter.goOn(output);
    }

    @Override
    public boolean wantsWhole(int type, int length) {
        // Parse and Bind may come in pieces however short they are; the others do so only when no name can be that
        // long.
        return rewriter.wantsWhole(type) && (type == 'D' || type == 'C' || random.nextInt(4) > 0);
    }

    @Override
    public void onMessage(int type, ByteBuffer buffer, int from, int to) {
        rewriter.onMessage(type, buffer, from, to, output);
    }

    @Override
    public void onPiece(int type, ByteBuffer buffer, int from, int to, Place place) {
        rewriter.onPiece(type, buffer, from, to, place, output);
    }

    private final ToServer output = new ToServer() {
        @Override
        public void forward(ByteBuffer buffer, int from, int to) {
            for (int i = from; i < to; i++) {
                toServer.write(buffer.get(i));
            }
        }

        @Override
        public void send(ByteBuffer own) {
            forward(own, own.position(), own.limit());
        }
    };
}
