package io.github.pgconmgr.heartbeat;

import io.github.pgconmgr.wire.heartbeat.Beat;
import io.github.pgconmgr.wire.heartbeat.HeartbeatCodec;
import io.github.pgconmgr.wire.heartbeat.HeartbeatFrame;
import io.github.pgconmgr.wire.heartbeat.HeartbeatProtocol;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.SocketChannel;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/** Writes frames and keeps what is unsent small (docs/protocol.md, section 1). Stateless; on the channel's loop. */
final class LinkWriter {

    /** The last frame may take this long to go out. */
    static final long LAST_FRAME_LIMIT_MILLIS = 1000;

    private LinkWriter() {}

    /** Sends; leaves a BEAT out if the socket is full, and closes if more than the limit would wait. */
    static void send(Channel channel, HeartbeatFrame frame) {
        ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
        long unsentBytes = unsent == null ? 0 : unsent.totalPendingWriteBytes();
        if (frame instanceof Beat && unsentBytes > 0) {
            // Another BEAT behind those that wait tells the watchdog nothing.
            return;
        }
        ByteBuffer bytes = HeartbeatCodec.encode(frame);
        if (unsentBytes + bytes.remaining() > HeartbeatProtocol.MAX_UNSENT_BYTES) {
            var unused = channel.close();
            return;
        }
        var unused = channel.writeAndFlush(Unpooled.wrappedBuffer(bytes));
    }

    /**
     * Sends, half-closes, and leaves the rest to the peer; closes after {@link #LAST_FRAME_LIMIT_MILLIS} at the latest. A full
     * close at once would, with unread input, reset the connection and take the frame with it.
     */
    static void sendLast(Channel channel, HeartbeatFrame frame) {
        channel.writeAndFlush(Unpooled.wrappedBuffer(HeartbeatCodec.encode(frame)))
                .addListener(done -> {
                    if (done.isSuccess() && channel instanceof SocketChannel socket) {
                        var unusedShutdown = socket.shutdownOutput();
                    } else {
                        var unusedClose = channel.close();
                    }
                });
        Runnable end = () -> {
            var unused = channel.close();
        };
        var unused = channel.eventLoop().schedule(end, LAST_FRAME_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
    }
}
