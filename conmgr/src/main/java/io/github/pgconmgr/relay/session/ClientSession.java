package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.relay.auth.CancelKey;
import io.github.pgconmgr.relay.io.Connection;
import io.github.pgconmgr.relay.io.ConnectionEvents;
import io.github.pgconmgr.relay.protocol.ErrorResponse;
import io.github.pgconmgr.relay.protocol.MalformedException;
import io.github.pgconmgr.relay.protocol.StartupPacket;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One relayed client: its state, and which stage reads what it sends. A mistake of it, or one of ours in handling it, ends it and nothing
 * else. Compared by identity.
 *
 * <p>Confined to the relay's loop. Made when its connection is accepted, ends with it.
 */
final class ClientSession implements ConnectionEvents {

    private final RelayCore core;
    private final Connection connection;
    private final TargetAttribute target;
    private ClientState state = ClientState.STARTING;
    private ClientStage stage;
    private final long id;
    private final long sinceNanos;
    private boolean ready;
    private @Nullable CancelKey cancelKey;
    private @Nullable StartupPacket startup;

    ClientSession(RelayCore core, Connection connection, TargetAttribute target, long nowNanos) {
        this.core = core;
        this.connection = connection;
        this.target = target;
        this.id = core.nextId();
        this.sinceNanos = nowNanos;
        this.stage = new StartStage(core, this);
    }

    Connection connection() {
        return connection;
    }

    /** Not given to another one while conmgr runs. */
    long id() {
        return id;
    }

    /** When it was accepted. */
    long sinceNanos() {
        return sinceNanos;
    }

    /** What it has said of itself; null before. */
    @Nullable
    StartupPacket startup() {
        return startup;
    }

    void setStartup(StartupPacket packet) {
        startup = packet;
    }

    /** Who reads what it sends. */
    ClientStage stage() {
        return stage;
    }

    TargetAttribute target() {
        return target;
    }

    ClientState state() {
        return state;
    }

    /** Its server connection; null without one. */
    @Nullable
    ServerSession server() {
        return stage.server();
    }

    boolean isClosing() {
        return state == ClientState.CLOSING;
    }

    /** Address and port, for the log. */
    String name() {
        return "client " + PeerName.of(connection.peer());
    }

    void move(ClientState.Event event) {
        state = ClientState.TABLE.next(state, event);
    }

    /** Another stage reads from now on. */
    void enter(ClientStage next) {
        stage = next;
    }

    /** It has been told that it may go on: no login limit any more. */
    void onReady() {
        ready = true;
    }

    /** Its own cancel key, made when it is first asked for. */
    CancelKey cancelKey(int secretBytes) {
        CancelKey key = cancelKey;
        if (key == null) {
            key = core.cancelKeys().issue(this, secretBytes);
            cancelKey = key;
        }
        return key;
    }

    @Override
    public void onBytes(ByteBuffer chunk, long nowNanos) {
        if (isClosing()) {
            return;
        }
        try {
            stage.onBytes(chunk, nowNanos);
        } catch (MalformedException e) {
            close(e.getMessage(), nowNanos);
        } catch (RuntimeException e) {
            onMistake(e, nowNanos);
        }
    }

    @Override
    public void onWritable(long nowNanos) {
        if (!isClosing()) {
            stage.onWritable(nowNanos);
        }
    }

    /** Nobody waits for an answer any more: neither its place nor what it has asked is worth anything. */
    @Override
    public void onHungUp(long nowNanos) {
        if (state == ClientState.WAITING) {
            close("", nowNanos);
        }
    }

    void onTick(long nowNanos) {
        if (isClosing()) {
            return;
        }
        if (!ready && nowNanos - sinceNanos >= core.pool().times().clientLoginNanos()) {
            close("client_login_timeout", nowNanos);
        } else {
            stage.onTick(nowNanos);
        }
    }

    @Override
    public void onClosed(String reason, long nowNanos) {
        if (!reason.isEmpty() && !isClosing()) {
            core.log().write(Message.RELAYED_CLIENT_CLOSED, name(), reason);
        }
        end(nowNanos);
    }

    /** Ours, not the client's: it is the only one to suffer. */
    void onMistake(RuntimeException mistake, long nowNanos) {
        core.log().write(Message.RELAY_INTERNAL_ERROR, name(), mistake.toString());
        close("", nowNanos);
    }

    /** Ends it without a word. */
    void close(@Nullable String reason, long nowNanos) {
        if (isClosing()) {
            return;
        }
        if (reason != null && !reason.isEmpty()) {
            core.log().write(Message.RELAYED_CLIENT_CLOSED, name(), reason);
        }
        end(nowNanos);
        connection.abort();
    }

    /** Ends it with this as the last that it hears; to be called between two messages only. */
    void fail(ErrorResponse last, long nowNanos) {
        if (isClosing()) {
            return;
        }
        core.log().write(Message.RELAYED_CLIENT_REFUSED, name(), last.message());
        connection.write(last.encode());
        leave(nowNanos);
    }

    /** Ends it when all that was written has gone out. */
    void leave(long nowNanos) {
        if (!isClosing()) {
            end(nowNanos);
            connection.closeWhenWritten();
        }
    }

    private void end(long nowNanos) {
        if (isClosing()) {
            return;
        }
        move(ClientState.Event.ENDS);
        if (cancelKey != null) {
            core.cancelKeys().revoke(cancelKey);
        }
        core.forget(this);
        stage.onEnd(nowNanos);
    }
}
