package io.github.pgconmgr.frontend;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** How the front end's handlers write and name a client. Stateless; on the channel's loop. */
final class ClientChannel {

    private ClientChannel() {}

    /** Writes a message. */
    static void send(Channel channel, ByteBuffer message) {
        var unused = channel.writeAndFlush(Unpooled.wrappedBuffer(message));
    }

    /**
     * Writes the last message and closes; a client that does not read it loses it. It closes in a task of its own: of many clients
     * that are told at once, none waits until another's connection is closed.
     */
    static void sendLast(Channel channel, ByteBuffer message) {
        channel.writeAndFlush(Unpooled.wrappedBuffer(message))
                .addListener(written -> channel.eventLoop().execute(() -> {
                    var unused = channel.close();
                }));
    }

    /** Address and port of the client, for logs and status. */
    static String name(ChannelHandlerContext context) {
        return name(context.channel());
    }

    static String name(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress address
                ? NetUtil.toSocketAddressString(address)
                : "unknown";
    }
}
