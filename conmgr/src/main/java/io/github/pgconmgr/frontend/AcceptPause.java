package io.github.pgconmgr.frontend;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * An accept that failed, for want of descriptors most likely (C7): clients wait in the backlog for a while. Without a pause the
 * first of them would wake the loop again and again.
 *
 * <p>Confined to the frontend loop; holds no state.
 */
@ChannelHandler.Sharable
final class AcceptPause extends ChannelInboundHandlerAdapter {

    static final long PAUSE_MILLIS = 500;

    private final Admission admission;

    AcceptPause(Admission admission) {
        this.admission = admission;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Channel listener = context.channel();
        listener.config().setAutoRead(false);
        var unused = context.executor()
                .schedule(() -> listener.config().setAutoRead(true), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        admission.onFailure((InetSocketAddress) listener.localAddress(), SocketErrors.reason(cause));
    }
}
