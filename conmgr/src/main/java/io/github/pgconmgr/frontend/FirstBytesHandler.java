package io.github.pgconmgr.frontend;

import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.wire.MalformedMessageException;
import io.github.pgconmgr.wire.WireText;
import io.github.pgconmgr.wire.redirect.RedirectAnswer;
import io.github.pgconmgr.wire.redirect.RedirectProtocol;
import io.github.pgconmgr.wire.redirect.RedirectRequest;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads a new client's first message and answers it (docs/protocol.md, section 2). Holds at most one request and one read's worth
 * of bytes, for at most 5 s, or as long as it waits for an instance behind a complete request. An aware driver's connection goes on as a
 * {@link RedirectedHandler}, a stock driver's goes to the relay; all others end here.
 *
 * <p>Confined to the frontend loop.
 */
final class FirstBytesHandler extends ByteToMessageDecoder {

    /** From the accept to the complete message. */
    static final long LIMIT_SECONDS = 5;

    /** How a stock driver's connection leaves the front end. */
    @FunctionalInterface
    interface HandOver {
        void give(Channel channel, ByteBuffer received);
    }

    private final StageOne stageOne;
    private final SessionRegistry sessions;
    private final Log log;
    private final HandOver handOver;
    private ClientPhase phase = ClientPhase.FIRST_BYTES;
    private @Nullable ScheduledFuture<?> limit;
    private WaitingRoom.@Nullable Guest guest;

    FirstBytesHandler(StageOne stageOne, SessionRegistry sessions, Log log, HandOver handOver) {
        this.stageOne = stageOne;
        this.sessions = sessions;
        this.log = log;
        this.handOver = handOver;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        limit = context.executor()
                .schedule(() -> reject(context, "no complete request in time"), LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    /** Also where conmgr stops: those who have no answer yet get none. */
    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        if (phase == ClientPhase.FIRST_BYTES || phase == ClientPhase.WAITING) {
            move(ClientPhase.Event.CLIENT_ENDED);
        }
        super.channelInactive(context);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
        endLimit();
        leaveRoom();
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (phase == ClientPhase.CLOSING || phase == ClientPhase.RELAYED) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (phase == ClientPhase.WAITING) {
            in.skipBytes(in.readableBytes());
            reject(context, "it sent more than its request");
            return;
        }
        ByteBuffer received = in.nioBuffer();
        FirstBytes first = FirstBytes.of(received);
        if (first == FirstBytes.INCOMPLETE) {
            return;
        }
        in.skipBytes(in.readableBytes());
        switch (first) {
            case REDIRECT -> onRedirect(context, received);
            case SSL_REQUEST, GSSENC_REQUEST, STARTUP, CANCEL, TLS -> handOver(context, received);
            case GARBAGE -> reject(context, "not a message of PostgreSQL's protocol");
            case INCOMPLETE -> throw new IllegalStateException("handled above");
        }
    }

    /** A stock driver: the relay knows its protocol, and judges it from the first byte on. */
    private void handOver(ChannelHandlerContext context, ByteBuffer received) {
        move(ClientPhase.Event.STOCK_DRIVER);
        endLimit();
        ByteBuffer said =
                ByteBuffer.allocate(received.remaining()).put(received).flip();
        handOver.give(context.channel(), said);
    }

    private void onRedirect(ChannelHandlerContext context, ByteBuffer received) {
        RedirectRequest request;
        try {
            request = RedirectRequest.decode(received);
        } catch (MalformedMessageException e) {
            reject(context, "malformed redirect request: " + e.getMessage());
            return;
        }
        StageOne.Decision decision = stageOne.decide(request);
        if (decision.answer() instanceof RedirectAnswer.Instance instance) {
            redirect(context, request, decision, instance);
        } else if (!beginWait(context, request)) {
            refuse(context, decision.answer());
        }
    }

    /** Whether it waits now, or has been served in the meantime. */
    private boolean beginWait(ChannelHandlerContext context, RedirectRequest request) {
        int waitMillis = stageOne.waitMillis(request);
        WaitingRoom.Guest waiting = new WaitingRoom.Guest(
                request.target(), request.wish().lsn(), () -> lookAgain(context, request, waitMillis, false));
        if (waitMillis == 0 || !stageOne.room().enter(waiting)) {
            return false;
        }
        guest = waiting;
        move(ClientPhase.Event.WAIT_BEGUN);
        endLimit();
        limit = context.executor()
                .schedule(() -> lookAgain(context, request, waitMillis, true), waitMillis, TimeUnit.MILLISECONDS);
        // What changed before it entered the room has told nobody.
        if (stageOne.isServed(request)) {
            lookAgain(context, request, waitMillis, false);
        }
        return true;
    }

    private void lookAgain(ChannelHandlerContext context, RedirectRequest request, int waitMillis, boolean last) {
        if (phase != ClientPhase.WAITING) {
            return;
        }
        StageOne.Decision decision = stageOne.decide(request);
        if (decision.answer() instanceof RedirectAnswer.Instance instance) {
            redirect(context, request, decision, instance);
        } else if (last && decision.answer() instanceof RedirectAnswer.Refusal refusal) {
            String text = "waited for " + waitMillis + " ms: " + refusal.message();
            refuse(
                    context,
                    new RedirectAnswer.Refusal(
                            refusal.sqlState(), WireText.fit(text, RedirectProtocol.MAX_MESSAGE_BYTES)));
        }
    }

    private void endLimit() {
        if (limit != null) {
            limit.cancel(false);
        }
    }

    private void leaveRoom() {
        if (guest != null) {
            stageOne.room().leave(guest);
            guest = null;
        }
    }

    private void redirect(
            ChannelHandlerContext context,
            RedirectRequest request,
            StageOne.Decision decision,
            RedirectAnswer.Instance instance) {
        move(ClientPhase.Event.INSTANCE_CHOSEN);
        // First of all, as the driver waits; and before the session may get its notice.
        ClientChannel.send(context.channel(), instance.encode());
        String client = ClientChannel.name(context);
        log.write(
                Message.CLIENT_REDIRECTED,
                "client " + client,
                instance.instanceNumber(),
                request.target().word());
        SessionInfo info = new SessionInfo(
                client, instance.instanceNumber(), request.target(), request.details(), decision.nowNanos());
        RedirectedHandler handler = new RedirectedHandler(sessions, log, context.channel());
        context.pipeline().replace(this, "redirected", handler);
        handler.begin(new ClientSession(info, decision.postmasterStartMicros(), decision.generation(), handler));
    }

    private void refuse(ChannelHandlerContext context, RedirectAnswer refusal) {
        move(ClientPhase.Event.NO_INSTANCE);
        if (refusal instanceof RedirectAnswer.Refusal said) {
            log.write(Message.CLIENT_REFUSED, "client " + ClientChannel.name(context), said.message());
        }
        ClientChannel.sendLast(context.channel(), refusal.encode());
    }

    private void reject(ChannelHandlerContext context, String reason) {
        if (phase == ClientPhase.CLOSING || phase == ClientPhase.RELAYED) {
            return;
        }
        move(ClientPhase.Event.REJECTED);
        log.write(Message.CLIENT_CLOSED, "client " + ClientChannel.name(context), reason);
        var unused = context.close();
    }

    /** A connection that breaks here costs nobody anything. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        reject(context, SocketErrors.reason(cause));
        var unused = context.close();
    }

    private void move(ClientPhase.Event event) {
        phase = ClientPhase.TABLE.next(phase, event);
        if (phase != ClientPhase.WAITING) {
            leaveRoom();
        }
    }
}
