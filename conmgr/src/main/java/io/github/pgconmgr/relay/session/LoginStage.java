package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.relay.auth.AuthStep;
import io.github.pgconmgr.relay.auth.ClientAuthentication;
import io.github.pgconmgr.relay.auth.LookedUp;
import io.github.pgconmgr.relay.io.Network;
import io.github.pgconmgr.relay.protocol.ErrorResponse;
import io.github.pgconmgr.relay.protocol.MalformedException;
import io.github.pgconmgr.relay.protocol.MessageScanner;
import io.github.pgconmgr.relay.protocol.MessageSink;
import io.github.pgconmgr.relay.protocol.ProtocolOffer;
import io.github.pgconmgr.relay.protocol.StartupPacket;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A client that proves to conmgr who it is (ADR 9). Reads password messages and nothing else; who is refused waits for the answer, and is
 * not read meanwhile.
 *
 * <p>Confined to the relay's loop.
 */
final class LoginStage implements ClientStage, MessageSink {

    /** Of a password message, SCRAM's included. */
    static final int MAX_MESSAGE_LENGTH = 2048;

    private final RelayCore core;
    private final ClientSession client;
    private final StartupPacket packet;
    private final ClientAuthentication authentication;
    private final MessageScanner scanner = new MessageScanner();
    private Network.@Nullable Timer delay;
    private boolean over;
    private long turnNanos;

    LoginStage(RelayCore core, ClientSession client, StartupPacket packet) {
        this.core = core;
        this.client = client;
        this.packet = packet;
        this.authentication = core.authenticator()
                .client(
                        packet.user(),
                        client.connection().peer().getAddress(),
                        client.connection().tlsEndPoint());
    }

    void begin(long nowNanos) {
        client.move(ClientState.Event.MUST_PROVE);
        ByteBuffer offer = ProtocolOffer.answer(packet);
        if (offer.hasRemaining()) {
            client.connection().write(offer);
        }
        take(authentication.begin(nowNanos), nowNanos);
    }

    @Override
    public void onBytes(ByteBuffer chunk, long nowNanos) {
        turnNanos = nowNanos;
        scanner.scan(chunk, this);
    }

    @Override
    public boolean wantsWhole(int type, int length) {
        check(type, length);
        return true;
    }

    @Override
    public void onMessage(int type, ByteBuffer buffer, int from, int to) {
        check(type, to - from - 1);
        byte[] body = new byte[to - from - MessageScanner.HEADER_BYTES];
        buffer.get(from + MessageScanner.HEADER_BYTES, body);
        take(authentication.onMessage(ByteBuffer.wrap(body), turnNanos), turnNanos);
    }

    @Override
    public void onPiece(int type, ByteBuffer buffer, int from, int to, Place place) {
        throw new MalformedException("a password message of too many bytes");
    }

    private void check(int type, int length) {
        if (over || type != 'p' || length > MAX_MESSAGE_LENGTH) {
            throw new MalformedException("message " + (type & 0xff) + " of length " + length + " while logging in");
        }
    }

    private void take(AuthStep step, long nowNanos) {
        if (step instanceof AuthStep.Say say) {
            client.connection().write(say.messages());
        } else if (step instanceof AuthStep.Accepted accepted) {
            over = true;
            core.begin(client, new Login(packet, accepted.identity(), accepted.messages()), nowNanos);
        } else if (step instanceof AuthStep.Refused refused) {
            refuse(refused, nowNanos);
        } else if (step instanceof AuthStep.Look) {
            core.lookUps().ask(packet.user(), this::onLookedUp, nowNanos);
        }
    }

    private void onLookedUp(LookedUp answer, long nowNanos) {
        if (over) {
            return;
        }
        try {
            take(authentication.onLookedUp(answer, nowNanos), nowNanos);
        } catch (RuntimeException e) {
            // Others wait for the same answer.
            client.onMistake(e, nowNanos);
        }
    }

    private void refuse(AuthStep.Refused refused, long nowNanos) {
        over = true;
        core.log().write(Message.RELAYED_LOGIN_FAILED, client.name(), packet.user(), refused.detail());
        ErrorResponse last = new ErrorResponse(refused.sqlState(), refused.message());
        if (refused.delayNanos() == 0) {
            client.fail(last, nowNanos);
        } else {
            client.connection().pauseReading();
            delay = core.network().after(refused.delayNanos(), lateNanos -> client.fail(last, lateNanos));
        }
    }

    @Override
    public void onEnd(long nowNanos) {
        over = true;
        if (delay != null) {
            delay.cancel();
        }
    }
}
