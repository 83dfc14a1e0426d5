package io.github.pgconmgr.relay.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * TLS of one connection, as the side that was connected to: bytes of the socket in, bytes of the client out, and back. Netty's handler
 * does the work, in a channel that has no socket. Confined to the relay's loop.
 */
final class TlsLayer {

    /** To be watched by whoever has it: here is no clock. */
    static final long HANDSHAKE_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** What it stands between. */
    interface Ends {

        /** To the socket. */
        void send(ByteBuffer encrypted);

        /** To the core. */
        void onPlain(ByteBuffer bytes);

        /** It is of no use any more. */
        void onTlsEnded(String why);
    }

    private final SslHandler handler;
    private final EmbeddedChannel channel;
    private final boolean direct;
    private final Ends ends;
    private boolean over;

    /**
     * @param direct the client has begun with it, without having asked
     */
    TlsLayer(SslContext context, boolean direct, Ends ends) {
        this.channel = new EmbeddedChannel();
        this.handler = context.newHandler(channel.alloc());
        handler.setHandshakeTimeoutMillis(0);
        channel.pipeline().addLast(handler);
        this.direct = direct;
        this.ends = ends;
    }

    /** Whether the handshake is done. */
    boolean isEstablished() {
        return handler.handshakeFuture().isSuccess();
    }

    /** From the socket; takes all of it. */
    void receive(ByteBuffer encrypted) {
        if (over) {
            return;
        }
        String trouble = "";
        try {
            channel.writeInbound(Unpooled.copiedBuffer(encrypted));
        } catch (Exception e) {
            // Netty throws what has happened to the handler, checked or not.
            trouble = String.valueOf(e.getMessage());
        }
        sendAll();
        if (isEstablished() && isUnnamed()) {
            ends.onTlsEnded("direct TLS without ALPN \"" + ServerTls.POSTGRESQL + "\"");
            return;
        }
        giveAll();
        if (!trouble.isEmpty() || !channel.isActive()) {
            ends.onTlsEnded(trouble);
        }
    }

    /** Who begins with TLS must name the protocol, as PostgreSQL wants it: else some other protocol's client could be made to speak to us. */
    private boolean isUnnamed() {
        return direct && !ServerTls.POSTGRESQL.equals(handler.applicationProtocol());
    }

    private void giveAll() {
        for (ByteBuf plain = channel.readInbound(); plain != null; plain = channel.readInbound()) {
            try {
                ends.onPlain(plain.nioBuffer());
            } finally {
                plain.release();
            }
        }
    }

    /** To the client; takes all of it. */
    void write(ByteBuffer plain) {
        if (over) {
            return;
        }
        try {
            channel.writeOutbound(Unpooled.copiedBuffer(plain));
        } catch (Exception e) {
            ends.onTlsEnded(String.valueOf(e.getMessage()));
        }
        plain.position(plain.limit());
        sendAll();
    }

    private void sendAll() {
        for (ByteBuf encrypted = channel.readOutbound(); encrypted != null; encrypted = channel.readOutbound()) {
            try {
                ends.send(encrypted.nioBuffer());
            } finally {
                encrypted.release();
            }
        }
    }

    /** Says goodbye to the client, and lets go of what it had; a second call does nothing. */
    void end() {
        if (over) {
            return;
        }
        over = true;
        var unused = channel.close();
        sendAll();
        channel.releaseInbound();
        channel.releaseOutbound();
    }
}
