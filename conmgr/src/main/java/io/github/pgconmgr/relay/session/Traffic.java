package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.pool.Worker;
import io.github.pgconmgr.relay.protocol.CancelRequest;
import io.github.pgconmgr.relay.protocol.ErrorResponse;
import io.github.pgconmgr.relay.protocol.MalformedException;
import io.github.pgconmgr.relay.protocol.MessageScanner;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one client, both ways, from its start-up packet to its end: with one server connection at a time, for the whole session or
 * for a transaction. Forwards from the chunk itself; keeps bytes only while there is no server connection to send them to, and reads no
 * more then.
 *
 * <p>Confined to the relay's loop; belongs to its client.
 */
final class Traffic implements ClientStage, ServerUser {

    /** Messages of the server that are looked into. */
    private static final String LOOKED_INTO = "ZSKGWC";

    private static final int READY_BYTES = 6;

    private final RelayCore core;
    private final ClientSession client;
    private final Login login;
    private final Placement placement;
    private final Exchange exchange = new Exchange();
    private final MessageScanner clientScanner = new MessageScanner();
    private final ClientFlow fromClient = new ClientFlow(this, exchange);
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

    Traffic(RelayCore core, ClientSession client, Login login) {
        this.core = core;
        this.client = client;
        this.login = login;
        this.placement = new Placement(core, client, this, login);
        this.toServer = new ForwardRun(core.scratch());
        this.toClient = new ForwardRun(core.scratch());
    }

    Placement placement() {
        return placement;
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
        long limitNanos = core.pool().times().clientIdleNanos();
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
        given.use(this);
        client.move(ClientState.Event.SERVER_GIVEN);
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

    private void sendBacklog(ServerSession given) {
        ByteBuffer said = backlog;
        if (said != null) {
            backlog = null;
            client.connection().resumeReading();
            forward(given, said.flip());
        }
    }

    private void onGreeted() {
        greeted = true;
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
        if (client.state() == ClientState.IDLE) {
            if (chunk.get(chunk.position()) == 'X') {
                client.leave(nowNanos);
                return;
            }
            client.move(ClientState.Event.SPOKE);
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
        ServerReset reset = attached.reset();
        if (reset.isDue()) {
            toServer.begin(core.resetQueries().outside());
        }
        clientScanner.scan(chunk, fromClient);
        toServer.flush(attached.connection());
        if (reset.isDue() && !toServer.takeUnsent()) {
            reset.onSent(core.resetQueries().outsideCount(), turnNanos);
        }
        if (fromClient.hasLeft()) {
            client.leave(turnNanos);
        } else if (attached.connection().isCongested()) {
            client.connection().pauseReading();
        }
    }

    /** Bytes of the client for the server. */
    void toServer(ByteBuffer buffer, int from, int to) {
        ServerSession attached = server;
        if (attached != null) {
            toServer.add(buffer, from, to, attached.connection());
        }
    }

    @Override
    public void onWritable(long nowNanos) {
        if (server != null) {
            server.connection().resumeReading();
        }
    }

    @Override
    public void onEnd(long nowNanos) {
        backlog = null;
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
        return LOOKED_INTO.indexOf(type) >= 0;
    }

    @Override
    public void onMessage(int type, ByteBuffer buffer, int from, int to) {
        serverSpokeError = type == 'E';
        if (LOOKED_INTO.indexOf(type) < 0 || lookInto(type, buffer, from, to)) {
            toClient.add(buffer, from, to, client.connection());
        }
    }

    @Override
    public void onPiece(int type, ByteBuffer buffer, int from, int to, Place place) {
        cutMessage = place != Place.LAST;
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
            case 'C' -> touched |= SessionTraces.areLeftBy(buffer, from, to);
            case 'K' -> {
                onBackendKeyData(attached, buffer, from, to);
                return false;
            }
            default -> throw new IllegalStateException("not looked into: " + type);
        }
        return true;
    }

    private void onReadyForQuery(ByteBuffer buffer, int from, int to) {
        if (to - from != READY_BYTES) {
            throw new MalformedException("ReadyForQuery of " + (to - from) + " bytes");
        }
        exchange.onReady(buffer.get(to - 1));
        idleSinceNanos = turnNanos;
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
        releaseIfDone(attached, nowNanos);
    }

    @Override
    public void onServerWritable(long nowNanos) {
        if (backlog == null) {
            client.connection().resumeReading();
        }
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
