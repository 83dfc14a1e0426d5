package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.auth.Identity;
import io.github.pgconmgr.relay.io.Connection;
import io.github.pgconmgr.relay.io.ConnectionEvents;
import io.github.pgconmgr.relay.io.Network;
import io.github.pgconmgr.relay.pool.PoolKey;
import io.github.pgconmgr.relay.pool.Pooled;
import io.github.pgconmgr.relay.pool.Worker;
import io.github.pgconmgr.relay.protocol.ErrorResponse;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * How one client comes to a server connection: an instance, a worker, a cached connection or a new one. Used again for each transaction in
 * transaction mode.
 *
 * <p>Confined to the relay's loop; belongs to its client.
 */
final class Placement implements Network.Dialled, ServerUser {

    private final RelayCore core;
    private final ClientSession client;
    private final Traffic traffic;
    private final Login login;
    private InstanceChoice.@Nullable Instance instance;
    private @Nullable PoolKey key;
    private @Nullable Worker worker;
    private @Nullable ServerSession opening;
    private @Nullable ServerLogin serverLogin;
    private Network.@Nullable Timer routeLimit;

    Placement(RelayCore core, ClientSession client, Traffic traffic, Login login) {
        this.core = core;
        this.client = client;
        this.traffic = traffic;
        this.login = login;
    }

    /** Begins, or goes on after a wait, in state WAITING: an instance first, as the key of a cached connection names it. */
    void proceed(long nowNanos) {
        InstanceChoice.Instance known = instance;
        if (known == null || !core.instances().isCurrent(known)) {
            InstanceChoice.Choice choice = core.instances().choose(client.target(), nowNanos);
            if (choice instanceof InstanceChoice.None none) {
                awaitInstance(none, nowNanos);
                return;
            }
            known = (InstanceChoice.Instance) choice;
            if (instance == null || instance.number() != known.number()) {
                key = login.keyFor(known.number(), core.pool().cache());
            }
            instance = known;
        }
        stopWaiting();
        takeWorker(known, nowNanos);
    }

    /** On behalf of another client, which must not suffer from this one's mistakes. */
    void proceedSafely(long nowNanos) {
        try {
            proceed(nowNanos);
        } catch (RuntimeException e) {
            client.onMistake(e, nowNanos);
        }
    }

    private void awaitInstance(InstanceChoice.None none, long nowNanos) {
        int waitMillis = core.instances().routing().routeWaitMillis();
        if (waitMillis == 0) {
            refuse(none, nowNanos);
        } else if (routeLimit == null) {
            routeLimit = core.network().after(waitMillis * 1_000_000L, lateNanos -> refuse(none, lateNanos));
            core.instanceWaiters().add(this);
        }
    }

    private void refuse(InstanceChoice.None none, long nowNanos) {
        client.fail(new ErrorResponse(none.sqlState(), none.text()), nowNanos);
    }

    private void takeWorker(InstanceChoice.Instance chosen, long nowNanos) {
        if (!traffic.isGreeted() && !core.queue().mayTake()) {
            client.fail(new ErrorResponse(WorkerQueue.TOO_MANY, "sorry, too many clients already"), nowNanos);
            return;
        }
        Worker taken = core.workers().take(key, nowNanos);
        if (taken == null) {
            if (!core.queue().join(this)) {
                client.fail(new ErrorResponse(WorkerQueue.TOO_MANY, "sorry, too many clients already"), nowNanos);
            }
            return;
        }
        worker = taken;
        Pooled cached = key == null ? null : core.workers().takeCached(taken, key);
        if (cached instanceof ServerSession server) {
            key = server.key();
            server.move(ServerState.Event.TAKEN);
            hand(server, nowNanos);
        } else {
            open(chosen, taken, nowNanos);
        }
    }

    private void open(InstanceChoice.Instance chosen, Worker taken, long nowNanos) {
        core.workers().makeRoom(taken, nowNanos);
        if (!core.makeRoom(nowNanos)) {
            giveUp(nowNanos);
            client.fail(
                    new ErrorResponse(
                            WorkerQueue.TOO_MANY, "sorry, no file descriptor is left for one more connection"),
                    nowNanos);
            return;
        }
        key = core.sameKey(key);
        ServerSession server =
                new ServerSession(core, chosen, new ServerSession.Opener(key, login, taken.number()), this, nowNanos);
        opening = server;
        core.add(server);
        core.network().dial(chosen.address(), RelayCore.DIAL_LIMIT_NANOS, this);
    }

    private void hand(ServerSession server, long nowNanos) {
        Worker taken = worker;
        worker = null;
        opening = null;
        serverLogin = null;
        if (taken == null) {
            throw new IllegalStateException("a server connection without a worker");
        }
        traffic.attach(server, taken, nowNanos);
    }

    @Override
    public ConnectionEvents onConnected(Connection connection, long nowNanos) {
        ServerSession server = opening;
        if (server == null || server.isEnded()) {
            connection.abort();
            return new Deaf();
        }
        server.onConnected(connection);
        connection.write(login.packet());
        Identity identity = login.identity();
        if (identity == null) {
            server.move(ServerState.Event.HANDED_OVER);
            hand(server, nowNanos);
        } else {
            server.move(ServerState.Event.CONNECTED);
            serverLogin = new ServerLogin(server, core.authenticator().server(identity));
        }
        return server;
    }

    @Override
    public void onFailed(String reason, long nowNanos) {
        ServerSession server = opening;
        if (server != null && !server.isEnded()) {
            server.onLost("could not connect to the instance: " + reason, nowNanos);
        }
    }

    @Override
    public boolean wantsWhole(int type, int length) {
        return true;
    }

    @Override
    public void onMessage(int type, ByteBuffer buffer, int from, int to) {
        if (serverLogin != null) {
            serverLogin.onMessage(type, buffer, from, to);
        }
    }

    @Override
    public void onPiece(int type, ByteBuffer buffer, int from, int to, Place place) {
        // Nothing that matters before the first query is that long.
    }

    @Override
    public void onChunkEnd(long nowNanos) {
        ServerSession server = opening;
        ServerLogin own = serverLogin;
        if (server == null || own == null) {
            return;
        }
        ByteBuffer refusal = own.refusal();
        if (refusal != null) {
            giveUp(nowNanos);
            client.connection().write(refusal);
            client.leave(nowNanos);
        } else if (own.isDone()) {
            server.move(ServerState.Event.LOGGED_IN);
            hand(server, nowNanos);
        }
    }

    @Override
    public void onServerEnded(ErrorResponse last, long nowNanos) {
        giveUp(nowNanos);
        client.fail(last, nowNanos);
    }

    /** The client is gone, or cannot be served: gives back what it had so far. */
    void giveUp(long nowNanos) {
        stopWaiting();
        core.queue().leave(this);
        if (opening != null) {
            opening.close(nowNanos);
            opening = null;
        }
        if (worker != null) {
            Worker free = worker;
            worker = null;
            core.queue().release(free, nowNanos);
        }
    }

    private void stopWaiting() {
        if (routeLimit != null) {
            routeLimit.cancel();
            routeLimit = null;
            core.instanceWaiters().remove(this);
        }
    }
}
