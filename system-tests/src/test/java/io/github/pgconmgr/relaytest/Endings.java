package io.github.pgconmgr.relaytest;

import io.github.pgconmgr.time.WallClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reads many clients at the same time to their ends, and notes when each came. Confined to the test's thread. */
final class Endings {

    private static final int LIMIT_MILLIS = 15_000;

    /**
     * What a client heard.
     *
     * @param ended when its connection did
     */
    record Ending(List<RawClient.Frame> frames, Instant ended) {

        /** The connection ended in the middle of a message: nothing can be said there. */
        boolean isCut() {
            return !frames.isEmpty() && frames.get(frames.size() - 1).type() == '\0';
        }

        /** The SQLSTATE of the only error, which is the last message; something else otherwise. */
        String sqlState() {
            RawClient.Frame last = frames.isEmpty() ? null : frames.get(frames.size() - 1);
            long errors = frames.stream().filter(frame -> frame.type() == 'E').count();
            return last != null && last.type() == 'E' && errors == 1
                    ? String.valueOf(last.field('C'))
                    : errors + " errors, last " + last;
        }
    }

    private Endings() {}

    /** Blocks until all have ended. In their order. */
    static List<Ending> of(List<RawClient> clients) throws IOException {
        List<ByteArrayOutputStream> heard = new ArrayList<>();
        Instant[] ended = new Instant[clients.size()];
        try (Selector selector = Selector.open()) {
            for (RawClient client : clients) {
                client.channel().configureBlocking(false);
                client.channel().register(selector, SelectionKey.OP_READ, heard.size());
                heard.add(new ByteArrayOutputStream());
            }
            for (int open = clients.size(); open > 0; ) {
                if (selector.select(LIMIT_MILLIS) == 0) {
                    throw new IOException(open + " clients are still connected");
                }
                Instant now = WallClock.SYSTEM.now();
                for (SelectionKey key : selector.selectedKeys()) {
                    int number = (Integer) key.attachment();
                    if (!read(key, heard.get(number))) {
                        ended[number] = now;
                        key.cancel();
                        open--;
                    }
                }
                selector.selectedKeys().clear();
            }
        }
        List<Ending> endings = new ArrayList<>();
        for (int number = 0; number < ended.length; number++) {
            endings.add(new Ending(RawClient.parse(heard.get(number).toByteArray()), ended[number]));
        }
        return endings;
    }

    private static boolean read(SelectionKey key, ByteArrayOutputStream heard) {
        ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
        try {
            int bytes = ((SocketChannel) key.channel()).read(buffer);
            heard.write(buffer.array(), 0, Math.max(0, bytes));
            return bytes >= 0;
        } catch (IOException reset) {
            return false;
        }
    }
}
