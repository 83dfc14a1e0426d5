package io.github.pgconmgr.heartbeat;

import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.wire.MalformedMessageException;
import io.github.pgconmgr.wire.heartbeat.HeartbeatCodec;
import io.github.pgconmgr.wire.heartbeat.HeartbeatFrame;
import io.github.pgconmgr.wire.heartbeat.HeartbeatProtocol;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.io.IOException;
import java.util.function.LongSupplier;

/**
 * One heartbeat connection: translates Netty's events into the core's, with the number of the attempt that made it.
 *
 * <p>Confined to the heartbeat loop. Made by {@link InstanceConnector}; goes with its channel.
 */
final class LinkChannelHandler extends SimpleChannelInboundHandler<ByteBuf> {

    private final long attempt;
    private final InstanceLink link;
    private final LinkGuard guard;
    private final LongSupplier turn;
    private final Log log;
    private final String component;

    /**
     * @param guard of this connection
     * @param component the instance, for the log
     */
    LinkChannelHandler(long attempt, InstanceLink link, LinkGuard guard, LongSupplier turn, Log log, String component) {
        this.attempt = attempt;
        this.link = link;
        this.guard = guard;
        this.turn = turn;
        this.log = log;
        this.component = component;
    }

    /** Puts the frame decoder and this handler into a new channel. */
    void addTo(ChannelPipeline pipeline) {
        int longest = HeartbeatProtocol.LENGTH_BYTES + HeartbeatProtocol.MAX_FRAME_BYTES;
        int lengthBytes = HeartbeatProtocol.LENGTH_BYTES;
        pipeline.addLast(new LengthFieldBasedFrameDecoder(longest, 0, lengthBytes, 0, lengthBytes));
        pipeline.addLast(this);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
        HeartbeatFrame frame;
        try {
            frame = HeartbeatCodec.decode(bytes.nioBuffer());
        } catch (MalformedMessageException e) {
            link.onProtocolError(turn.getAsLong(), attempt, reason(e));
            return;
        }
        guard.onFrame(frame, new Outcome(context.channel()));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        link.onClosed(turn.getAsLong(), attempt, "connection closed by the watchdog");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof DecoderException) {
            link.onProtocolError(turn.getAsLong(), attempt, "frame is too long");
        } else if (cause instanceof IOException) {
            link.onClosed(turn.getAsLong(), attempt, "connection lost: " + reason(cause));
        } else {
            log.write(Message.HEARTBEAT_INTERNAL_ERROR, "heartbeat", cause.toString());
            link.onProtocolError(turn.getAsLong(), attempt, "internal error");
        }
        var unused = context.close();
    }

    /** What the guard decides, done. Confined to the heartbeat loop. */
    private final class Outcome implements LinkGuard.Outcome {
        private final Channel channel;

        Outcome(Channel channel) {
            this.channel = channel;
        }

        @Override
        public void pass(HeartbeatFrame frame) {
            link.onFrame(turn.getAsLong(), attempt, frame);
        }

        @Override
        public void answer(HeartbeatFrame frame) {
            LinkWriter.send(channel, frame);
        }

        @Override
        public void distrust(String reason) {
            log.write(Message.WATCHDOG_DISTRUSTED, component, reason);
            link.onClosed(turn.getAsLong(), attempt, reason);
        }
    }

    /** What an exception says, or its kind if it says nothing. */
    static String reason(Throwable cause) {
        String message = cause.getMessage();
        return message == null || message.isEmpty() ? cause.getClass().getSimpleName() : message;
    }
}
