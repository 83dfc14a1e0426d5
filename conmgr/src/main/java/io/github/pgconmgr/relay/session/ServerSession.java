package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.relay.io.Connection;
import io.github.pgconmgr.relay.io.ConnectionEvents;
import io.github.pgconmgr.relay.pool.PoolKey;
import io.github.pgconmgr.relay.pool.Pooled;
import io.github.pgconmgr.relay.prepared.ServerStatements;
import io.github.pgconmgr.relay.protocol.CancelRequest;
import io.github.pgconmgr.relay.protocol.ErrorResponse;
import io.github.pgconmgr.relay.protocol.MalformedException;
import io.github.pgconmgr.relay.protocol.MessageScanner;
import io.github.pgconmgr.relay.protocol.MessageSink;
import io.github.pgconmgr.relay.protocol.StartupPacket;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One server connection: its state, who uses it, and its reset, whose answers no user sees. Compared by identity.
 *
 * <p>Confined to the relay's loop. Made when dialling begins; ends when its connection does, or with its user, or in the pool.
 */
final class ServerSession implements ConnectionEvents, MessageSink, Pooled {

    /**
     * For whom it is opened. Immutable.
     *
     * @param key null if it will never be another client's
     */
    record Opener(@Nullable PoolKey key, Login login, int worker) {}

    private final RelayCore core;
    private final InstanceChoice.Instance instance;
    private final @Nullable PoolKey key;
    private final Login login;
    private final int worker;
    private final long openedNanos;
    private final MessageScanner scanner = new MessageScanner();
    private final ServerParameters parameters = new ServerParameters();
    private final ServerReset reset;
    private final Shelved shelved;
    private final @Nullable ServerStatements statements;
    private ServerState state = ServerState.DIALLING;
    private ServerUser user;
    private @Nullable Connection connection;
    private @Nullable CancelRequest cancelKey;
    private long cachedNanos;
    private int cancels;
    private final long id;
    private int uses;
    private long givenNanos;
    private long freedNanos;
    private boolean resetSpeaks;

    /**
     * @param opener its client, and the worker that it opens it for
     */
    ServerSession(RelayCore core, InstanceChoice.Instance instance, Opener opener, ServerUser user, long nowNanos) {
        this.core = core;
        this.instance = instance;
        this.key = opener.key;
        this.login = opener.login;
        this.worker = opener.worker;
        this.user = user;
        this.openedNanos = nowNanos;
        this.reset = new ServerReset(this);
        this.shelved = new Shelved(core, this);
        this.statements = core.newStatements();
        this.id = core.nextId();
        core.instances().begin(instance.number());
    }

    /** As its first client said; the next ones say the same. */
    StartupPacket startup() {
        return login.startup();
    }

    /** The number of the worker for which it was opened. */
    int worker() {
        return worker;
    }

    /** Not given to another one while conmgr runs. */
    long id() {
        return id;
    }

    /** How many clients, or transactions, have been given it. */
    int uses() {
        return uses;
    }

    /** When it was last given to one; not meant if there was none. */
    long givenNanos() {
        return givenNanos;
    }

    /** When the last one left it; not meant if none has. */
    long freedNanos() {
        return freedNanos;
    }

    /** A client has it from now on. */
    void onGiven(long nowNanos) {
        uses++;
        givenNanos = nowNanos;
        freedNanos = nowNanos;
    }

    /** Who has it. */
    ServerUser user() {
        return user;
    }

    /** Null before it stands. */
    @Nullable
    Connection connectionIfAny() {
        return connection;
    }

    /** How many statements are prepared on it. */
    int preparedStatements() {
        return statements == null ? 0 : statements.size();
    }

    InstanceChoice.Instance instance() {
        return instance;
    }

    ServerState state() {
        return state;
    }

    boolean isEnded() {
        return state == ServerState.ENDED;
    }

    ServerParameters parameters() {
        return parameters;
    }

    MessageScanner scanner() {
        return scanner;
    }

    ServerReset reset() {
        return reset;
    }

    /** What is prepared on it; only to be asked for where statements follow their clients. */
    ServerStatements statements() {
        return Objects.requireNonNull(statements, "statements are left alone");
    }

    /** A reset has cleared away what was prepared. */
    void forgetStatements() {
        if (statements != null) {
            statements.clear();
        }
    }

    /** Who has it in the cache. */
    Shelved shelved() {
        return shelved;
    }

    /** By what the server itself is asked to cancel; null before it has said. */
    @Nullable
    CancelRequest cancelKey() {
        return cancelKey;
    }

    void setCancelKey(CancelRequest given) {
        cancelKey = given;
    }

    /** Its connection; not to be asked for before it stands. */
    Connection connection() {
        return Objects.requireNonNull(connection, "not connected yet");
    }

    void onConnected(Connection established) {
        connection = established;
    }

    /** For the log. */
    String name() {
        return "instance " + instance.number();
    }

    boolean isPoolable() {
        return key != null;
    }

    @Override
    public PoolKey key() {
        return Objects.requireNonNull(key, "never in the pool");
    }

    @Override
    public long openedNanos() {
        return openedNanos;
    }

    @Override
    public void onCached(long nowNanos) {
        cachedNanos = nowNanos;
        freedNanos = nowNanos;
    }

    @Override
    public long cachedNanos() {
        return cachedNanos;
    }

    @Override
    public void drop(String reason, long nowNanos) {
        close(nowNanos);
    }

    /** Somebody asks the server to cancel what it does; nobody else may have it until that has ended. */
    void beginCancel() {
        cancels++;
    }

    void endCancel() {
        cancels--;
    }

    boolean isBeingCancelled() {
        return cancels > 0;
    }

    void move(ServerState.Event event) {
        boolean wasCounted = isCounted(state);
        state = ServerState.TABLE.next(state, event);
        if (wasCounted != isCounted(state)) {
            if (wasCounted) {
                core.instances().end(instance.number());
            } else {
                core.instances().begin(instance.number());
            }
        }
    }

    /** Whether it is load for its instance. */
    private static boolean isCounted(ServerState state) {
        return switch (state) {
            case DIALLING, LOGGING_IN, ATTACHED, RESETTING -> true;
            case CACHED, ENDED -> false;
        };
    }

    /** Another user has it from now on. */
    void use(ServerUser next) {
        user = next;
    }

    @Override
    public void onBytes(ByteBuffer chunk, long nowNanos) {
        if (isEnded()) {
            return;
        }
        try {
            user.onChunkBegin(nowNanos);
            scanner.scan(chunk, this);
            if (!isEnded()) {
                if (reset.hasFailed()) {
                    onLost("the reset of a server connection failed", nowNanos);
                } else {
                    user.onChunkEnd(nowNanos);
                }
            }
        } catch (MalformedException e) {
            onLost("the instance sent " + e.getMessage(), nowNanos);
        } catch (RuntimeException e) {
            core.log().write(Message.RELAY_INTERNAL_ERROR, name(), e.toString());
            onLost("an internal error of conmgr", nowNanos);
        }
    }

    @Override
    public boolean wantsWhole(int type, int length) {
        return reset.isAwaited() ? ServerReset.WANTED.indexOf(type) >= 0 : user.wantsWhole(type, length);
    }

    /** Who speaks at a message's begin is heard to its end. */
    @Override
    public void onMessage(int type, ByteBuffer buffer, int from, int to) {
        if (isEnded()) {
            return;
        }
        if (reset.isAwaited()) {
            reset.onMessage(type, buffer, from, to);
        } else {
            user.onMessage(type, buffer, from, to);
        }
    }

    @Override
    public void onPiece(int type, ByteBuffer buffer, int from, int to, Place place) {
        if (place == Place.FIRST) {
            resetSpeaks = reset.isAwaited();
        }
        if (!resetSpeaks && !isEnded()) {
            user.onPiece(type, buffer, from, to, place);
        } else if (type == 'E') {
            reset.fail();
        }
    }

    @Override
    public void onWritable(long nowNanos) {
        if (!isEnded()) {
            user.onServerWritable(nowNanos);
        }
    }

    @Override
    public void onClosed(String reason, long nowNanos) {
        onLost(reason.isEmpty() ? "the instance closed the connection" : reason, nowNanos);
    }

    /** It must not be used any more: closes it and tells its user. */
    void onLost(String reason, long nowNanos) {
        end(new ErrorResponse(RelayCore.CONNECTION_FAILURE, reason), nowNanos);
    }

    /** The same, with what its client is to hear. */
    void end(ErrorResponse last, long nowNanos) {
        if (isEnded()) {
            return;
        }
        end();
        if (connection != null) {
            connection.abort();
        }
        user.onServerEnded(last, nowNanos);
    }

    /** Something outside of its conversation has changed that its user may have waited for. */
    void lookAgain(long nowNanos) {
        if (!isEnded()) {
            user.onChunkEnd(nowNanos);
        }
    }

    /** Closes it, with a word to the server; its user is not told. */
    void close(long nowNanos) {
        if (isEnded()) {
            return;
        }
        end();
        if (connection != null) {
            connection.write(ByteBuffer.wrap(new byte[] {'X', 0, 0, 0, 4}));
            connection.closeWhenWritten();
        }
    }

    private void end() {
        move(ServerState.Event.ENDS);
        forgetStatements();
        core.forget(this);
    }
}
