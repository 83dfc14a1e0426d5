package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.protocol.CancelRequest;
import io.github.pgconmgr.relay.protocol.FirstPacket;
import io.github.pgconmgr.relay.protocol.FirstPacketReader;
import io.github.pgconmgr.relay.protocol.MalformedException;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;

/**
 * A client before its first message: encryption requests, each once, then a start-up packet or a cancel request. Nobody speaks on before
 * the answer, so bytes behind a packet end the connection: behind an SSLRequest they would be believed without TLS.
 *
 * <p>Confined to the relay's loop.
 */
final class StartStage implements ClientStage {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final RelayCore core;
    private final ClientSession client;
    private final FirstPacketReader reader = new FirstPacketReader();
    private final Set<FirstPacket> seen = EnumSet.noneOf(FirstPacket.class);

    StartStage(RelayCore core, ClientSession client) {
        this.core = core;
        this.client = client;
    }

    @Override
    public void onBytes(ByteBuffer chunk, long nowNanos) {
        if (seen.contains(FirstPacket.CANCEL)) {
            throw new MalformedException("bytes behind a cancel request");
        }
        FirstPacket kind = reader.read(chunk);
        if (kind == FirstPacket.INCOMPLETE) {
            return;
        }
        if (!seen.add(kind)) {
            throw new MalformedException("the same request twice: " + kind);
        }
        if (kind == FirstPacket.TLS) {
            onDirectTls(chunk);
            return;
        }
        if (chunk.hasRemaining()) {
            throw new MalformedException("bytes behind a " + kind);
        }
        onPacket(kind, reader.takePacket(), nowNanos);
    }

    private void onPacket(FirstPacket kind, ByteBuffer packet, long nowNanos) {
        switch (kind) {
            case SSL_REQUEST -> onSslRequest();
            case GSSENC_REQUEST -> answer('N');
            case CANCEL -> core.cancel(CancelRequest.decode(packet), client, nowNanos);
            case STARTUP -> core.onStartup(client, core.startupPackets().decode(packet), nowNanos);
            case TLS, INCOMPLETE -> throw new IllegalStateException("handled before: " + kind);
        }
    }

    private void onSslRequest() {
        if (!core.offersTls() || !seen.add(FirstPacket.TLS)) {
            answer('N');
            return;
        }
        answer('S');
        client.connection().startTls(NOTHING);
    }

    private void onDirectTls(ByteBuffer received) {
        if (!core.offersTls() || seen.contains(FirstPacket.SSL_REQUEST)) {
            throw new MalformedException("TLS that was not agreed on");
        }
        client.connection().startTls(received);
    }

    private void answer(char letter) {
        client.connection().write(ByteBuffer.wrap(new byte[] {(byte) letter}));
    }
}
