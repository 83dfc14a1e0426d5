package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.auth.Identity;
import io.github.pgconmgr.relay.auth.LookedUp;
import io.github.pgconmgr.relay.auth.UserLookUp;
import io.github.pgconmgr.relay.io.Connection;
import io.github.pgconmgr.relay.io.ConnectionEvents;
import io.github.pgconmgr.relay.io.Network;
import io.github.pgconmgr.relay.protocol.ErrorResponse;
import io.github.pgconmgr.relay.protocol.MessageScanner;
import io.github.pgconmgr.relay.protocol.StartupPacket;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One question of {@code auth_query} on a connection of its own, 10 s at most. Confined to the relay's loop. */
final class LookUpSession implements Network.Dialled, ServerUser {

    static final long LIMIT_NANOS = 10_000_000_000L;

    private static final int NO_WORKER = -1;

    private final RelayCore core;
    private final UserLookUp question;
    private final UserLookUps.Asker asker;
    private final Network.Timer limit;
    private @Nullable ServerSession server;
    private @Nullable StartupPacket packet;
    private @Nullable ServerLogin login;
    private @Nullable LookedUp answer;
    private boolean over;

    LookUpSession(RelayCore core, String query, String user, UserLookUps.Asker asker) {
        this.core = core;
        this.question = new UserLookUp(query, user);
        this.asker = asker;
        this.limit = core.network().after(LIMIT_NANOS, nowNanos -> fail("it took too long", nowNanos));
    }

    void begin(InstanceChoice.Instance instance, Identity identity, StartupPacket startup, long nowNanos) {
        Login own = new Login(startup, identity, ByteBuffer.allocate(0));
        ServerSession opened =
                new ServerSession(core, instance, new ServerSession.Opener(null, own, NO_WORKER), this, nowNanos);
        server = opened;
        packet = startup;
        login = new ServerLogin(opened, core.authenticator().server(identity));
        core.add(opened);
        core.network().dial(instance.address(), RelayCore.DIAL_LIMIT_NANOS, this);
    }

    @Override
    public ConnectionEvents onConnected(Connection connection, long nowNanos) {
        ServerSession opened = server;
        if (over || opened == null || packet == null) {
            connection.abort();
            return new Deaf();
        }
        opened.onConnected(connection);
        opened.move(ServerState.Event.CONNECTED);
        connection.write(packet.encode());
        return opened;
    }

    @Override
    public void onFailed(String reason, long nowNanos) {
        fail(reason, nowNanos);
    }

    @Override
    public boolean wantsWhole(int type, int length) {
        return true;
    }

    @Override
    public void onMessage(int type, ByteBuffer buffer, int from, int to) {
        ServerLogin own = login;
        if (over || own == null || server == null) {
            return;
        }
        if (!own.isDone()) {
            own.onMessage(type, buffer, from, to);
            if (own.isDone()) {
                server.connection().write(question.question());
            }
        } else if (answer == null) {
            byte[] body = new byte[to - from - MessageScanner.HEADER_BYTES];
            buffer.get(from + MessageScanner.HEADER_BYTES, body);
            answer = question.onMessage((byte) type, ByteBuffer.wrap(body));
        }
    }

    @Override
    public void onPiece(int type, ByteBuffer buffer, int from, int to, Place place) {
        answer = new LookedUp.Failed("an answer of too many bytes");
    }

    @Override
    public void onChunkEnd(long nowNanos) {
        LookedUp given = answer;
        if (given != null) {
            end(given, nowNanos);
        } else if (login != null && login.refusal() != null) {
            fail("the instance refused the login of auth_user", nowNanos);
        }
    }

    @Override
    public void onServerEnded(ErrorResponse last, long nowNanos) {
        fail(last.message(), nowNanos);
    }

    private void fail(String reason, long nowNanos) {
        end(new LookedUp.Failed(reason), nowNanos);
    }

    private void end(LookedUp given, long nowNanos) {
        if (over) {
            return;
        }
        over = true;
        limit.cancel();
        if (server != null) {
            server.close(nowNanos);
        }
        asker.onLookedUp(given, nowNanos);
    }
}
