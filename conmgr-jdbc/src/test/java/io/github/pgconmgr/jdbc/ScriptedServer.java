package io.github.pgconmgr.jdbc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server on the loopback address with one thread per connection, each of which plays the same conversation.
 *
 * <p>Shared: lists are concurrent; closed by the test.
 */
class ScriptedServer implements AutoCloseable {

    /** What the server does on one connection; the connection is closed when it returns or throws. */
    @FunctionalInterface
    interface Conversation {
        void play(Socket socket) throws Exception;
    }

    private final ServerSocket listener;
    private final Conversation conversation;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();

    ScriptedServer(Conversation conversation) throws IOException {
        this.conversation = conversation;
        this.listener = new ServerSocket(0, 300, InetAddress.getLoopbackAddress());
        start(this::acceptAll);
    }

    int port() {
        return listener.getLocalPort();
    }

    String hostPort() {
        return "127.0.0.1:" + port();
    }

    int accepted() {
        return accepted.get();
    }

    /** Connections that neither side has ended. */
    int openConnections() {
        return open.size();
    }

    List<Socket> connections() {
        return new ArrayList<>(open);
    }

    void sendToAll(byte[] bytes) throws IOException {
        for (Socket socket : open) {
            socket.getOutputStream().write(bytes);
        }
    }

    void closeAll() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
    }

    /** Closes with RST instead of FIN. */
    void resetAll() throws IOException {
        for (Socket socket : open) {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        closeAll();
        try {
            for (Thread thread : threads) {
                thread.join(5000);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                accepted.incrementAndGet();
                open.add(socket);
                start(() -> converse(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    @SuppressWarnings("EmptyCatch")
    private void converse(Socket socket) {
        try (socket) {
            conversation.play(socket);
        } catch (Exception e) {
            // Either side may end a conversation at any moment; the test looks at the driver's side.
        } finally {
            open.remove(socket);
        }
    }

    private void start(Runnable task) {
        Thread thread = new Thread(task, "scripted-server");
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }
}
