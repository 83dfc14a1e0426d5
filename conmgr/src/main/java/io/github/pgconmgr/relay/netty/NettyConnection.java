package io.github.pgconmgr.relay.netty;

import io.github.pgconmgr.relay.io.Connection;
import io.github.pgconmgr.relay.io.ConnectionEvents;
import io.github.pgconmgr.time.NanoClock;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connection of the relay's: a socket's events to the core, the core's calls to the socket. Confined to the relay's loop. */
final class NettyConnection extends ChannelInboundHandlerAdapter implements Connection {

    /** Anything that waits to be written is congestion. */
    static final WriteBufferWaterMark CONGESTED = new WriteBufferWaterMark(1, 1);

    private static final long CLOSE_LIMIT_MILLIS = 1000;

    private static final long HANDSHAKE_LIMIT_MILLIS = 10_000;

    private final RelaySocket socket;
    private final InetSocketAddress peer;
    private final LoopBuffer buffer;
    private final NanoClock clock;
    private @Nullable ConnectionEvents events;
    private String reason = "";
    private final @Nullable SslContext tls;
    private boolean encrypted;
    private boolean direct;
    private boolean congested;
    private boolean deaf;

    NettyConnection(RelaySocket socket, LoopBuffer buffer, NanoClock clock, @Nullable SslContext tls) {
        this.socket = socket;
        this.peer = socket.remoteAddress();
        this.buffer = buffer;
        this.clock = clock;
        this.tls = tls;
        socket.config().setWriteBufferWaterMark(CONGESTED);
    }

    /** Who hears of it from now on. */
    void tell(ConnectionEvents listener) {
        events = listener;
    }

    // ---- from the core

    @Override
    public void write(ByteBuffer bytes) {
        if (!socket.isActive()) {
            return;
        }
        if (!encrypted && socket.isQueueEmpty()) {
            try {
                socket.writeNow(bytes);
            } catch (IOException e) {
                breakDown(e);
                return;
            }
        }
        if (bytes.hasRemaining()) {
            var unused = socket.writeAndFlush(Unpooled.copiedBuffer(bytes), socket.voidPromise());
        }
    }

    /** Behind the core's turn, as this comes in the middle of it. */
    private void breakDown(IOException cause) {
        deaf = true;
        reason = String.valueOf(cause.getMessage());
        socket.eventLoop().execute(this::abort);
    }

    @Override
    public boolean isCongested() {
        congested = !socket.isWritable() && socket.isActive();
        return congested;
    }

    @Override
    public void pauseReading() {
        socket.config().setAutoRead(false);
    }

    @Override
    public void resumeReading() {
        if (!deaf) {
            socket.config().setAutoRead(true);
        }
    }

    @Override
    public void startTls(ByteBuffer received) {
        SslContext context = Objects.requireNonNull(tls, "TLS is not offered");
        LoopBuffer.Receiver receiver = socket.receiver();
        if (receiver != null) {
            receiver.keepBytes();
        }
        encrypted = true;
        direct = received.hasRemaining();
        SslHandler handler = context.newHandler(socket.alloc());
        handler.setHandshakeTimeoutMillis(HANDSHAKE_LIMIT_MILLIS);
        socket.pipeline().addFirst(handler);
        if (received.hasRemaining()) {
            socket.pipeline().fireChannelRead(Unpooled.copiedBuffer(received));
            // What TLS answers goes out at the end of a read only.
            socket.pipeline().fireChannelReadComplete();
        }
    }

    @Override
    public boolean isEncrypted() {
        return encrypted;
    }

    @Override
    public void closeWhenWritten() {
        if (deaf) {
            return;
        }
        deaf = true;
        pauseReading();
        if (socket.isQueueEmpty()) {
            abort();
            return;
        }
        socket.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> abort());
        var unused = socket.eventLoop().schedule(this::abort, CLOSE_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void abort() {
        deaf = true;
        var unused = socket.close();
    }

    @Override
    public InetSocketAddress peer() {
        return peer;
    }

    // ---- from the socket

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf read = (ByteBuf) message;
        try {
            ConnectionEvents listener = events;
            if (listener != null && !deaf && read.isReadable()) {
                listener.onBytes(buffer.bytes(read), clock.nanoTime());
            }
        } finally {
            read.release();
        }
    }

    /** Who begins with TLS must name the protocol, as PostgreSQL wants it: else some other protocol's client could be made to speak to us. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent done && done.isSuccess() && direct) {
            SslHandler handler = socket.pipeline().get(SslHandler.class);
            if (!ServerTls.POSTGRESQL.equals(handler.applicationProtocol())) {
                reason = "direct TLS without ALPN \"" + ServerTls.POSTGRESQL + "\"";
                abort();
            }
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        ConnectionEvents listener = events;
        if (congested && socket.isWritable() && listener != null && !deaf) {
            congested = false;
            listener.onWritable(clock.nanoTime());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        deaf = true;
        ConnectionEvents listener = events;
        events = null;
        if (listener != null) {
            listener.onClosed(reason, clock.nanoTime());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        reason = String.valueOf(cause.getMessage());
        abort();
    }
}
