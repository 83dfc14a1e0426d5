package io.github.pgconmgr.relay.prepared;

import io.github.pgconmgr.relay.prepared.ClientStatements.Named;
import io.github.pgconmgr.relay.prepared.PendingAnswers.Kind;
import io.github.pgconmgr.relay.protocol.MalformedException;
import io.github.pgconmgr.relay.protocol.MessageScanner;
import io.github.pgconmgr.relay.protocol.MessageSink;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of one client's messages on the way to the server connection that it has for this transaction, and of the answers. Unnamed
 * statements go through: they live within one transaction. Parse of a named one is sent under our name, or not at all if the server
 * connection has it; Bind and Describe get our name, and a Parse before them where it is missing; Close leaves the statement to others.
 * In place of what is not sent goes a Close of nothing, whose answer takes the place of the one that the client awaits: so the server
 * itself keeps the order of all answers, in pipelines and behind errors. One thing differs from PostgreSQL: to prepare a name that is
 * taken replaces its statement, where PostgreSQL says that it exists.
 *
 * <p>Confined to the relay's loop; one per client, from its first transaction to its end.
 */
public final class StatementRewriter {

    /** Longer definitions of named statements are refused: they are kept. */
    static final int MAX_DEFINITION_BYTES = 1024 * 1024;

    private static final int HEADER = MessageScanner.HEADER_BYTES;
    private static final byte[] NOBODY = Statement.nobodysName();

    private final ClientStatements client;
    private final PendingAnswers pending;
    private final LongMessage longMessage = new LongMessage();
    private final NamedMessage message = new NamedMessage();
    private final HeldMessages held = new HeldMessages();
    private @Nullable ServerStatements server;
    /** Messages of the extended protocol were sent, and no Sync behind them. */
    private boolean unsynced;

    StatementRewriter(ClientStatements client, PendingAnswers.Spare spare) {
        this.client = client;
        this.pending = new PendingAnswers(client, spare);
    }

    /** The client has that server connection from now on, which owes nobody an answer. */
    public void attach(ServerStatements next) {
        server = next;
        pending.begin(next);
        unsynced = false;
    }

    /** The client is gone. */
    public void end() {
        held.clear();
        client.clear();
    }

    /**
     * Whether the client has sent messages that wait for the server's answers to earlier ones: it must not be read from, and it keeps its
     * server connection, until {@link #goOn} has sent them.
     */
    public boolean isHolding() {
        return held.isHolding();
    }

    /** To be called when the server has answered something: sends what was held, as far as is known now what it means. */
    public void goOn(ToServer out) {
        if (held.isHolding() && !pending.isUncertain()) {
            held.release(new Replay(out));
        }
    }

    /** Held messages come in pieces only where their end has not come yet. */
    private final class Replay implements MessageSink {

        private final ToServer out;

        Replay(ToServer out) {
            this.out = out;
        }

        @Override
        public boolean wantsWhole(int type, int length) {
            return false;
        }

        @Override
        public void onMessage(int type, ByteBuffer buffer, int from, int to) {
            StatementRewriter.this.onMessage(type, buffer, from, to, out);
        }

        @Override
        public void onPiece(int type, ByteBuffer buffer, int from, int to, Place place) {
            StatementRewriter.this.onPiece(type, buffer, from, to, place, out);
        }
    }

    /** How many the client has prepared, to be shown. */
    public int size() {
        return client.size();
    }

    /** Whether a message of the client that a chunk's end has cut is to come in one piece. */
    public boolean wantsWhole(int type) {
        return type == 'P' || type == 'B' || type == 'D' || type == 'C';
    }

    /**
     * A message of the client, to be sent to the server.
     *
     * @throws MalformedException if it cannot be sent; the client has to go
     */
    public void onMessage(int type, ByteBuffer buffer, int from, int to, ToServer out) {
        if (held.isHolding() || (pending.isUncertain() && isNamed(type, buffer, from, to))) {
            held.add(buffer, from, to);
            return;
        }
        if (pending.isSkipping() && type != 'S') {
            out.forward(buffer, from, to);
            return;
        }
        switch (type) {
            case 'P' -> parse(message.at(buffer, from, to, to - from), out);
            case 'B' -> rename(message.at(buffer, from, to, to - from).findSecondName(), out);
            case 'D' -> describe(message.at(buffer, from, to, to - from), out);
            case 'C' -> close(message.at(buffer, from, to, to - from), out);
            default -> {
                onUnnamed(type, out);
                out.forward(buffer, from, to);
            }
        }
        unsynced |= wantsWhole(type) || type == 'E';
    }

    /** What a message that has no statement's name in it does to the answers that are awaited. */
    private void onUnnamed(int type, ToServer out) {
        switch (type) {
            case 'Q', 'F' -> {
                if (unsynced) {
                    // Its answer tells an error of what was before from one of the query.
                    out.send(Statement.close(NOBODY));
                    pending.add(Kind.OUR_MARK, null, null);
                    unsynced = false;
                }
                pending.addQuery();
            }
            case 'S' -> {
                pending.addSync();
                unsynced = false;
            }
            case 'c', 'f' -> pending.onCopyEndSent();
            default -> {}
        }
    }

    /** A piece of a message of the client that is too long for one; as in {@link MessageSink#onPiece}. */
    public void onPiece(int type, ByteBuffer buffer, int from, int to, MessageSink.Place place, ToServer out) {
        boolean first = place == MessageSink.Place.FIRST;
        if (held.isHolding() || (first && pending.isUncertain() && (type == 'P' || type == 'B'))) {
            held.add(buffer, from, to);
            return;
        }
        if (first) {
            longMessage.begin(type == 'P' || type == 'B');
        }
        if (!longMessage.isCollecting()) {
            if (first && !pending.isSkipping()) {
                beginLong(type, out);
            }
            out.forward(buffer, from, to);
            return;
        }
        unsynced = true;
        longMessage.add(buffer, from, to);
        ByteBuffer collected = longMessage.collected();
        if (pending.isSkipping()) {
            longMessage.stopCollecting();
            out.forward(collected, 0, collected.limit());
        } else if (type == 'B') {
            goOnBind(collected, out);
        } else {
            goOnParse(collected, place, out);
        }
    }

    private void beginLong(int type, ToServer out) {
        if (type == 'C') {
            pending.add(Kind.OTHER, null, null);
        }
        unsynced |= wantsWhole(type) || type == 'E';
        onUnnamed(type, out);
    }

    private void goOnBind(ByteBuffer collected, ToServer out) {
        int size = collected.limit();
        int portalEnd = LongMessage.endOfText(collected, HEADER, size);
        int nameEnd = portalEnd < 0 ? -1 : LongMessage.endOfText(collected, portalEnd + 1, size);
        if (nameEnd >= 0) {
            longMessage.stopCollecting();
            rename(message.at(collected, 0, size, 1 + collected.getInt(1)).findSecondName(), out);
        } else if (size > MessageScanner.MAX_WHOLE_BYTES) {
            throw new MalformedException("Bind with names of more than " + MessageScanner.MAX_WHOLE_BYTES + " bytes");
        }
    }

    private void goOnParse(ByteBuffer collected, MessageSink.Place place, ToServer out) {
        int size = collected.limit();
        if (size > HEADER && collected.get(HEADER) == 0) {
            longMessage.stopCollecting();
            pending.add(Kind.OTHER, null, null);
            out.forward(collected, 0, size);
        } else if (size > MAX_DEFINITION_BYTES) {
            throw new MalformedException("a named prepared statement of more than " + MAX_DEFINITION_BYTES + " bytes");
        } else if (place == MessageSink.Place.LAST) {
            longMessage.stopCollecting();
            parse(message.at(collected, 0, size, size), out);
        }
    }

    private void parse(NamedMessage parse, ToServer out) {
        if (parse.findName(0).isUnnamed()) {
            pending.add(Kind.OTHER, null, null);
            parse.forward(out);
            return;
        }
        define(client.define(parse.name(), parse.definition()), out);
    }

    private void define(Named named, ToServer out) {
        Statement statement = named.statement();
        if (server().isStale(statement)) {
            closeOurs(statement, out);
        }
        if (server().use(statement)) {
            out.send(Statement.close(NOBODY));
            pending.add(Kind.PARSE_OF_KNOWN, named, null);
        } else {
            makeRoom(out);
            out.send(statement.parse());
            server().add(statement);
            pending.add(Kind.PARSE, named, null);
        }
    }

    /** Sees to it that the server connection has it. */
    private void prepare(Statement statement, ToServer out) {
        if (!server().use(statement)) {
            makeRoom(out);
            out.send(statement.parse());
            server().add(statement);
            pending.add(Kind.OUR_PARSE, null, statement);
        }
    }

    private void makeRoom(ToServer out) {
        Statement oldest = server().oldestIfFull();
        while (oldest != null) {
            closeOurs(oldest, out);
            oldest = server().oldestIfFull();
        }
    }

    private void closeOurs(Statement statement, ToServer out) {
        out.send(statement.close());
        server().remove(statement);
        pending.add(Kind.OUR_CLOSE, null, statement);
    }

    private boolean isNamed(int type, ByteBuffer buffer, int from, int to) {
        NamedMessage looked = message.at(buffer, from, to, to - from);
        return switch (type) {
            case 'P' -> !looked.findName(0).isUnnamed();
            case 'B' -> !looked.findSecondName().isUnnamed();
            case 'D', 'C' -> looked.isOfStatement() && !looked.findName(1).isUnnamed();
            default -> false;
        };
    }

    private void describe(NamedMessage describe, ToServer out) {
        if (describe.isOfStatement()) {
            rename(describe.findName(1), out);
        } else {
            describe.forward(out);
        }
    }

    private void rename(NamedMessage named, ToServer out) {
        Named known = named.findIn(client);
        if (known == null) {
            // The unnamed one, one of SQL's PREPARE, or none: the server knows.
            named.forward(out);
        } else {
            prepare(known.statement(), out);
            named.forwardAs(known.statement().name(), out);
        }
    }

    private void close(NamedMessage close, ToServer out) {
        Named known = close.isOfStatement() ? close.findName(1).findIn(client) : null;
        if (known == null) {
            pending.add(Kind.OTHER, null, null);
            close.forward(out);
            return;
        }
        client.remove(known);
        out.send(Statement.close(NOBODY));
        pending.add(Kind.CLOSE, known, null);
    }

    /** Whether a message of the server that a chunk's end has cut is to come in one piece. */
    public boolean wantsWholeAnswer(int type, int length) {
        return type == 'E' || (type == 'C' && ServerWords.mayForgetAll(length));
    }

    /** A message of the server. */
    public Answer onAnswer(int type, ByteBuffer buffer, int from, int to) {
        switch (type) {
            case '1', '3' -> {
                return pending.onComplete();
            }
            case 'E' -> {
                pending.onError();
                if (ServerWords.saysTableChanged(buffer, from, to)) {
                    server().onTableChanged();
                }
            }
            case 'C' -> {
                if (ServerWords.mayForgetAll(to - from - 1) && ServerWords.forgetsAll(buffer, from, to)) {
                    server().clear();
                    client.clear();
                }
            }
            case 'Z' -> pending.onReady();
            case 'G' -> pending.onCopyIn();
            default -> {}
        }
        return Answer.FORWARD;
    }

    /** A message of the server has begun that comes in pieces: it goes to the client. */
    public void onLongAnswer(int type) {
        if (type == 'E') {
            pending.onError();
        } else if (type == 'G') {
            pending.onCopyIn();
        }
    }

    private ServerStatements server() {
        if (server == null) {
            throw new IllegalStateException("not attached");
        }
        return server;
    }
}
