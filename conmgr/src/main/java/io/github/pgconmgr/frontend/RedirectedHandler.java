package io.github.pgconmgr.frontend;

import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.log.Message;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A driver that has its instance: says nothing, is told at most one notice. Whatever it sends, and its end of file, ends the
 * connection and the session.
 *
 * <p>Confined to the frontend loop.
 */
final class RedirectedHandler extends ChannelInboundHandlerAdapter implements ClientSession.NoticeSink {

    private final SessionRegistry sessions;
    private final Log log;
    private final Channel channel;
    private ClientPhase phase = ClientPhase.REDIRECTED;
    private @Nullable ClientSession session;

    RedirectedHandler(SessionRegistry sessions, Log log, Channel channel) {
        this.sessions = sessions;
        this.log = log;
        this.channel = channel;
    }

    /** Registers the session; its connection may have ended already, if the answer could not be written. */
    void begin(ClientSession begun) {
        if (channel.isActive()) {
            session = begun;
            sessions.register(begun);
        }
    }

    @Override
    public void tell(ByteBuffer notice, ClientPhase.Event cause) {
        if (phase == ClientPhase.REDIRECTED) {
            phase = ClientPhase.TABLE.next(phase, cause);
            ClientChannel.sendLast(channel, notice.duplicate());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
        if (phase == ClientPhase.REDIRECTED) {
            log.write(Message.CLIENT_CLOSED, "client " + ClientChannel.name(context), "it sent more than its request");
            end(context);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        end(context);
    }

    private void end(ChannelHandlerContext context) {
        if (phase == ClientPhase.REDIRECTED) {
            phase = ClientPhase.TABLE.next(phase, ClientPhase.Event.CLIENT_ENDED);
        }
        if (session != null) {
            sessions.unregister(session);
        }
        var unused = context.close();
    }
}
