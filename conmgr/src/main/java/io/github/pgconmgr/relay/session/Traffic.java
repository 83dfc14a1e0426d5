package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.relay.io.Connection;
import io.github.pgconmgr.relay.pool.Worker;
import io.github.pgconmgr.relay.prepared.ToServer;
import io.github.pgconmgr.relay.protocol.CancelRequest;
import io.github.pgconmgr.relay.protocol.ErrorResponse;
import io.github.pgconmgr.relay.protocol.MalformedException;
import io.github.pgconmgr.relay.protocol.MessageScanner;
import io.github.pgconmgr.relay.protocol.PgpoolCommand;
import io.github.pgconmgr.relay.protocol.SessionState;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one client, both ways, from its start-up packet to its end: with one server connection at a time, for the whole session or
 * for a transaction. Forwards from the chunk itself; keeps bytes only while there is no server connection to send them to, and reads no
 * more then.
 *
 * <p>Confined to the relay's loop; belongs to its client.
 */
final class Traffic implements ClientStage, ServerUser, ToServer {

    /** Messages of the server that are looked into. */
    private static final String LOOKED_INTO = "ZSKGWC";

    private static final int READY_BYTES = 6;

    private final RelayCore core;
    private final ClientSession client;
    private final Login login;
    private final Placement placement;
    private final Exchange exchange = new Exchange();
    private final MessageScanner clientScanner = new MessageScanner();
    private final Statements statements;
    private final ClientFlow fromClient;
    private final PgpoolAnswers pgpool;
    private final Measures measures;
    private final ForwardRun toServer;
    private final ForwardRun toClient;
    private @Nullable ServerSession server;
    private @Nullable Worker worker;
    private @Nullable ByteBuffer backlog;
    private boolean greeted;
    private boolean cutMessage;
    private boolean serverSpokeError;
    private boolean touched;
    private long idleSinceNanos;
    private long turnNanos;

    Traffic(RelayCore core, ClientSession client, Login login, long nowNanos) {
        this.core = core;
        this.client = client;
        this.login = login;
        this.placement = new Placement(core, client, this, login);
        this.statements = new Statements(core.newRewriter());
        this.fromClient = new ClientFlow(this, exchange, statements);
        this.pgpool = new PgpoolAnswers(core);
        this.measures = new Measures(core.statistics().of(login.startup().database()), nowNanos);
        this.idleSinceNanos = nowNanos;
        this.toServer = new ForwardRun(core.joinedToServer());
        this.toClient = new ForwardRun(core.joinedToClient());
    }

    Placement placement() {
        return placement;
    }

    Login login() {
        return login;
    }

    Measures measures() {
        return measures;
    }

    /** How many statements the client has prepared. */
    int preparedStatements() {
        return statements.size();
    }

    /** The transaction status of the server connection. */
    byte transactionStatus() {
        return exchange.status();
    }

    /** Whether the client proves itself to its server connection: end to end, and the server has not let it in yet. */
    boolean isProving() {
        return !greeted && login.isEndToEnd() && server != null;
    }

    /** Ends the client with this as the last that it hears, unless a message to it is under way. */
    void refuse(ErrorResponse last, long nowNanos) {
        if (cutMessage) {
            client.leave(nowNanos);
        } else {
            client.fail(last, nowNanos);
        }
    }

    /** Whether the client has been told once that it may begin. */
    boolean isGreeted() {
        return greeted;
    }

    @Override
    public @Nullable ServerSession server() {
        return server;
    }

    /** P7: nothing has been asked or answered for so long. */
    @Override
    public void onTick(long nowNanos) {
        long limitNanos = pgpool.clientIdleNanos();
        boolean idle = greeted && (server == null ? client.state() == ClientState.IDLE : exchange.isAnswered());
        if (limitNanos > 0 && idle && nowNanos - idleSinceNanos >= limitNanos && !cutMessage) {
            client.fail(
                    new ErrorResponse(RelayCore.IDLE_SESSION, "terminating connection due to client_idle_limit"),
                    nowNanos);
        }
    }

    // ---- with and without a server connection

    /** The client has a server connection from now on; what it has said already is sent. */
    void attach(ServerSession given, Worker itsWorker, long nowNanos) {
        server = given;
        worker = itsWorker;
        turnNanos = nowNanos;
        touched = false;
        exchange.begin();
        fromClient.begin();
        statements.attach(given);
        given.use(this);
        given.onGiven(nowNanos);
        client.move(ClientState.Event.SERVER_GIVEN);
        measures.onAttach(nowNanos);
        if (login.isEndToEnd()) {
            exchange.onStartup();
        } else if (!greeted) {
            Greeting.write(client, login, given, core.scratch());
            onGreeted();
            if (backlog == null) {
                releaseIfDone(given, nowNanos);
            }
        }
        sendBacklog(given);
    }

    /** On behalf of the server connection, or of who had it before: they must not suffer from what this client has said. */
    private void sendBacklog(ServerSession given) {
        ByteBuffer said = backlog;
        if (said != null) {
            backlog = null;
            try {
                forward(given, said.flip());
            } catch (MalformedException e) {
                client.close(e.getMessage(), turnNanos);
            } catch (RuntimeException e) {
                client.onMistake(e, turnNanos);
            }
        }
    }

    private void onGreeted() {
        greeted = true;
        measures.onLogin();
        idleSinceNanos = turnNanos;
        client.onReady();
    }

    /** In transaction mode a client keeps its server connection only as long as something is under way. */
    private void releaseIfDone(ServerSession attached, long nowNanos) {
        if (core.sharesServers()
                && attached.isPoolable()
                && exchange.isClean()
                && !attached.isBeingCancelled()
                && areBetweenMessages(attached)) {
            client.move(ClientState.Event.TRANSACTION_ENDED);
            attached.connection().resumeReading();
            detach(attached, nowNanos);
            readOrPause();
        }
    }

    private boolean areBetweenMessages(ServerSession attached) {
        return clientScanner.isBetweenMessages() && attached.scanner().isBetweenMessages();
    }

    private void detach(ServerSession attached, long nowNanos) {
        Worker itsWorker = worker;
        server = null;
        worker = null;
        if (itsWorker != null) {
            core.returns().giveBack(attached, itsWorker, how(attached), nowNanos);
        }
    }

    /** In which state the client leaves its server connection. */
    private Left how(ServerSession attached) {
        if (!exchange.isQuiet() || !areBetweenMessages(attached)) {
            return Left.UNKNOWN;
        }
        if (exchange.status() != Exchange.IDLE) {
            return Left.IN_TRANSACTION;
        }
        boolean leftTraces = touched || attached.parameters().isChanged();
        return fromClient.saidNothing() || (core.sharesServers() && !leftTraces) ? Left.UNTOUCHED : Left.CLEAN;
    }

    // ---- from the client

    @Override
    public void onBytes(ByteBuffer chunk, long nowNanos) {
        turnNanos = nowNanos;
        measures.onReceived(chunk.remaining(), nowNanos);
        if (client.state() == ClientState.IDLE) {
            if (chunk.get(chunk.position()) == 'X') {
                client.leave(nowNanos);
                return;
            }
            client.move(ClientState.Event.SPOKE);
            measures.onWait(nowNanos);
            placement.proceed(nowNanos);
        }
        ServerSession attached = server;
        if (attached != null) {
            forward(attached, chunk);
        } else if (!client.isClosing()) {
            keep(chunk);
        }
    }

    private void keep(ByteBuffer chunk) {
        client.connection().pauseReading();
        ByteBuffer kept = backlog;
        ByteBuffer larger = ByteBuffer.allocate(chunk.remaining() + (kept == null ? 0 : kept.position()));
        if (kept != null) {
            larger.put(kept.flip());
        }
        backlog = larger.put(chunk);
    }

    private void forward(ServerSession attached, ByteBuffer chunk) {
        clientScanner.scan(chunk, fromClient);
        toServer.flush(attached.connection());
        if (fromClient.hasLeft()) {
            client.leave(turnNanos);
            return;
        }
        releaseIfDone(attached, turnNanos);
        readOrPause();
    }

    /**
     * Who cannot be served, or does not read what it is told, is not read from. To be asked again whenever one of these changes, as nothing
     * else ends a pause.
     */
    private void readOrPause() {
        Connection its = client.connection();
        boolean waits = backlog != null
                || statements.isHolding()
                || its.isCongested()
                || (server != null && server.connection().isCongested());
        if (waits) {
            its.pauseReading();
        } else {
            its.resumeReading();
        }
    }

    @Override
    public void forward(ByteBuffer buffer, int from, int to) {
        ServerSession attached = server;
        if (attached != null) {
            resetFirst(attached);
            toServer.add(buffer, from, to, attached.connection());
        }
    }

    @Override
    public void send(ByteBuffer own) {
        ServerSession attached = server;
        if (attached != null) {
            resetFirst(attached);
            toServer.addOwn(own, attached.connection());
        }
    }

    /** What the last client has left is cleared away before the first word of this one, in the same write. */
    private void resetFirst(ServerSession attached) {
        ServerReset reset = attached.reset();
        if (reset.isDue()) {
            toServer.addOwn(core.resetQueries().outside(), attached.connection());
            reset.onSent(core.resetQueries().outsideCount(), turnNanos);
        }
    }

    /** P7: a command to conmgr, when nothing is under way: its answer cannot come between others. */
    void onPgpoolCommand(PgpoolCommand command) {
        ByteBuffer answer = pgpool.answer(command, exchange.status());
        client.connection().write(answer);
        idleSinceNanos = turnNanos;
    }

    @Override
    public void onWritable(long nowNanos) {
        if (server != null) {
            server.connection().resumeReading();
        }
        readOrPause();
    }

    @Override
    public void onEnd(long nowNanos) {
        backlog = null;
        statements.end();
        toServer.clear();
        toClient.clear();
        placement.giveUp(nowNanos);
        if (server != null) {
            server.connection().resumeReading();
            detach(server, nowNanos);
        }
    }

    // ---- from the server

    @Override
    public boolean wantsWhole(int type, int length) {
        return LOOKED_INTO.indexOf(type) >= 0 || statements.wantsWholeAnswer(type, length);
    }

    @Override
    public void onMessage(int type, ByteBuffer buffer, int from, int to) {
        serverSpokeError = type == 'E';
        switch (statements.onAnswer(type, buffer, from, to)) {
            case FORWARD -> {
                if (LOOKED_INTO.indexOf(type) < 0 || lookInto(type, buffer, from, to)) {
                    measures.onSent(to - from);
                    toClient.add(buffer, from, to, client.connection());
                }
            }
            case PARSE_COMPLETE -> toClient.addOwn(statements.parseComplete(), client.connection());
            case SWALLOW -> {}
        }
    }

    @Override
    public void onPiece(int type, ByteBuffer buffer, int from, int to, Place place) {
        if (place == Place.FIRST) {
            statements.onLongAnswer(type);
        }
        cutMessage = place != Place.LAST;
        measures.onSent(to - from);
        toClient.add(buffer, from, to, client.connection());
    }

    /** Whether the client gets it. */
    private boolean lookInto(int type, ByteBuffer buffer, int from, int to) {
        ServerSession attached = server;
        if (attached == null) {
            return false;
        }
        switch (type) {
            case 'Z' -> onReadyForQuery(buffer, from, to);
            case 'S' -> attached.parameters().onStatus(buffer, from, to, greeted);
            case 'G' -> exchange.onCopyIn();
            case 'W' -> exchange.onCopyBoth();
            case 'C' -> onCommandComplete(buffer, from, to);
            case 'K' -> {
                onBackendKeyData(attached, buffer, from, to);
                return false;
            }
            default -> throw new IllegalStateException("not looked into: " + type);
        }
        return true;
    }

    private void onCommandComplete(ByteBuffer buffer, int from, int to) {
        if (!core.sharesServers()) {
            return;
        }
        touched |= SessionTraces.areLeftBy(buffer, from, to);
        SessionState used = SessionState.of(buffer, from, to, exchange.status() != Exchange.IDLE);
        if (used != null && !fromClient.saidDriverSetting()) {
            core.log().write(Message.SESSION_STATE_USED, client.name(), used.tag());
        }
    }

    private void onReadyForQuery(ByteBuffer buffer, int from, int to) {
        if (to - from != READY_BYTES) {
            throw new MalformedException("ReadyForQuery of " + (to - from) + " bytes");
        }
        exchange.onReady(buffer.get(to - 1));
        idleSinceNanos = turnNanos;
        measures.onReady(exchange.status(), turnNanos);
        if (!greeted) {
            onGreeted();
        }
    }

    /** The client gets a key of conmgr's: with the server's it would come to the wrong place. */
    private void onBackendKeyData(ServerSession attached, ByteBuffer buffer, int from, int to) {
        attached.setCancelKey(CancelRequest.ofBackendKeyData(buffer, from, to));
        toClient.flush(client.connection());
        client.connection().write(Greeting.keyMessage(client, login, attached));
    }

    @Override
    public void onChunkBegin(long nowNanos) {
        turnNanos = nowNanos;
    }

    @Override
    public void onChunkEnd(long nowNanos) {
        toClient.flush(client.connection());
        ServerSession attached = server;
        if (attached == null) {
            return;
        }
        if (client.connection().isCongested()) {
            attached.connection().pauseReading();
        }
        if (statements.isHolding()) {
            sendHeld(attached);
        }
        releaseIfDone(attached, nowNanos);
    }

    /** What waited for the answers that have come now. */
    private void sendHeld(ServerSession attached) {
        statements.goOn(this);
        toServer.flush(attached.connection());
        readOrPause();
    }

    @Override
    public void onServerWritable(long nowNanos) {
        readOrPause();
    }

    @Override
    public void onServerEnded(ErrorResponse last, long nowNanos) {
        toClient.flush(client.connection());
        Worker itsWorker = worker;
        server = null;
        worker = null;
        if (serverSpokeError || cutMessage) {
            client.leave(nowNanos);
        } else {
            client.fail(last, nowNanos);
        }
        if (itsWorker != null) {
            core.queue().release(itsWorker, nowNanos);
        }
    }
}
