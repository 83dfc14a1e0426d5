package io.github.pgconmgr.ctl;

import io.github.pgconmgr.admin.ControlRequest;
import io.github.pgconmgr.admin.ControlSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeoutException;

/** One request to a conmgr over its control socket. Confined to its caller, which closes it; waits have a deadline. */
final class ControlClient implements AutoCloseable {

    /** No honest answer is longer: a hundred thousand applications fit. */
    private static final int MAX_REPLY_BYTES = 16 << 20;

    private final SocketChannel channel;
    private final Selector selector;
    private boolean unheard;

    private ControlClient(SocketChannel channel) throws IOException {
        this.channel = channel;
        this.selector = Selector.open();
        channel.register(selector, SelectionKey.OP_READ);
    }

    /**
     * Connects and sends the request; does not wait for the answer.
     *
     * @throws NotRunningException if nobody listens there
     * @throws IOException if it cannot be told, or not be asked
     */
    static ControlClient send(Path directory, ControlRequest request) throws NotRunningException, IOException {
        UnixDomainSocketAddress address = ControlSocket.addressIn(directory);
        if (!Files.exists(address.getPath())) {
            throw new NotRunningException();
        }
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            // Not to be stuck behind a full backlog of a conmgr that is stopped.
            channel.configureBlocking(false);
            channel.connect(address);
            ControlClient client = new ControlClient(channel);
            client.write(request);
            return client;
        } catch (ConnectException e) {
            channel.close();
            throw new NotRunningException();
        } catch (IOException e) {
            channel.close();
            if (!Files.exists(address.getPath())) {
                // It was there a moment ago: conmgr has ended in between.
                throw new NotRunningException();
            }
            throw e;
        }
    }

    private void write(ControlRequest request) {
        try {
            channel.write(ByteBuffer.wrap((request.toLine() + "\n").getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            // It has ended since the connect, or refused us unheard: the answer, or its absence, tells.
            unheard = true;
        }
    }

    /**
     * Waits for the whole answer: up to the end of the connection.
     *
     * @throws TimeoutException if the deadline passes first
     * @throws NotRunningException if it has ended since the request was sent
     */
    Reply awaitReply(Deadline deadline) throws IOException, TimeoutException, NotRunningException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(8192);
        while (awaitBytes(buffer, deadline)) {
            bytes.write(buffer.array(), 0, buffer.position());
            buffer.clear();
            if (bytes.size() > MAX_REPLY_BYTES) {
                throw new IOException("the answer is too long");
            }
        }
        if (unheard && bytes.size() == 0) {
            throw new NotRunningException();
        }
        return Reply.parse(bytes.toString(StandardCharsets.UTF_8));
    }

    /** Waits for the next bytes; false at the end of the connection. */
    private boolean awaitBytes(ByteBuffer buffer, Deadline deadline) throws IOException, TimeoutException {
        while (true) {
            int count = readOrEnd(buffer);
            if (count != 0) {
                return count > 0;
            }
            if (deadline.hasPassed()) {
                throw new TimeoutException();
            }
            selector.select(deadline.remainingMillis());
            selector.selectedKeys().clear();
        }
    }

    /** A conmgr that dies with our request unread resets the connection: its end all the same. */
    private int readOrEnd(ByteBuffer buffer) {
        try {
            return channel.read(buffer);
        } catch (IOException e) {
            return -1;
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }
}
