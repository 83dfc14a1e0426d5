package io.github.pgconmgr.relay.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.nio.ByteBuffer;

/**
 * The one buffer that a loop reads into: what is in it is taken within the call, so that the next read may have it again, whichever
 * connection it is for. One read per event: a short one has drained the socket, and a long one waits for its turn.
 *
 * <p>Confined to the relay's loop.
 */
final class LoopBuffer implements RecvByteBufAllocator {

    /** What may wait to be written for one connection, and what a read takes. */
    static final int BYTES = 32 * 1024;

    private final ByteBuf shared;
    private final ByteBuffer view;

    LoopBuffer() {
        ByteBuffer memory = ByteBuffer.allocateDirect(BYTES);
        this.view = memory.duplicate();
        this.shared = Unpooled.wrappedBuffer(memory);
    }

    /** The bytes that were read, if they are in this buffer; a copy of the view is not made. */
    @SuppressWarnings("ReferenceEquality") // Its content is what it is not about.
    ByteBuffer bytes(ByteBuf read) {
        return read == shared ? view.limit(read.writerIndex()).position(read.readerIndex()) : read.nioBuffer();
    }

    @Override
    @SuppressWarnings("deprecation") // Netty 4 asks for the old type.
    public Receiver newHandle() {
        return new Receiver();
    }

    /** One connection's way to receive. Confined to the relay's loop. */
    @SuppressWarnings("deprecation") // See newHandle.
    final class Receiver implements ExtendedHandle {
        private boolean keepsBytes;
        private int lastRead;
        private int attempted;

        /** Bytes are kept longer than the call from now on (TLS): each read has a buffer of its own. */
        void keepBytes() {
            keepsBytes = true;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            return keepsBytes ? allocator.ioBuffer(guess()) : shared.clear().retain();
        }

        @Override
        public int guess() {
            return BYTES;
        }

        @Override
        public void reset(ChannelConfig config) {
            lastRead = 0;
        }

        @Override
        public void incMessagesRead(int messages) {
            // Always one.
        }

        @Override
        public void lastBytesRead(int bytes) {
            lastRead = bytes;
        }

        @Override
        public int lastBytesRead() {
            return lastRead;
        }

        @Override
        public void attemptedBytesRead(int bytes) {
            attempted = bytes;
        }

        @Override
        public int attemptedBytesRead() {
            return attempted;
        }

        @Override
        public boolean continueReading() {
            return false;
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier mayHaveMore) {
            return false;
        }

        @Override
        public void readComplete() {
            // Nothing is guessed.
        }
    }
}
