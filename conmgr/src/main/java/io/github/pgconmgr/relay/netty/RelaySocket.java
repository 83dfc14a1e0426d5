package io.github.pgconmgr.relay.netty;

import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A socket that can be written to without Netty's queue, from the buffer that was just read. Confined to the relay's loop. */
final class RelaySocket extends NioSocketChannel {

    /** Not connected yet. */
    RelaySocket() {}

    /** Connected already. */
    RelaySocket(SocketChannel socket) {
        super(socket);
    }

    /** What the socket takes now; never blocks. To be called only while Netty has nothing to write. */
    void writeNow(ByteBuffer bytes) throws IOException {
        int written;
        do {
            written = javaChannel().write(bytes);
        } while (written > 0 && bytes.hasRemaining());
    }

    /** Whether Netty has nothing to write; false if it is closed. */
    boolean isQueueEmpty() {
        var queue = unsafe().outboundBuffer();
        return queue != null && queue.isEmpty();
    }

    /** How the next bytes are received. */
    LoopBuffer.@Nullable Receiver receiver() {
        return unsafe().recvBufAllocHandle() instanceof LoopBuffer.Receiver receiver ? receiver : null;
    }
}
