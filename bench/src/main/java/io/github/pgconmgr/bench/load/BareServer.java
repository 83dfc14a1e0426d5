package io.github.pgconmgr.bench.load;

import io.github.pgconmgr.wire.redirect.RedirectAnswer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * What stage 1 costs without us: accepts, reads something, writes an answer as long as conmgr's, and waits for the end.
 *
 * <pre>
 * BareServer PORT    READY
 * </pre>
 *
 * <p>Confined to the main thread. Runs until it is killed.
 */
public final class BareServer {

    private static final int BACKLOG = 128;

    private BareServer() {}

    /** See the class. */
    public static void main(String[] arguments) throws IOException {
        ByteBuffer answer = new RedirectAnswer.Instance(0, 27500, "10.79.0.12", "10.79.0.12", "primary").encode();
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(loopback, Integer.parseInt(arguments[0])), BACKLOG);
            System.out.println("READY");
            ByteBuffer in = ByteBuffer.allocate(4096);
            while (true) {
                serve(server, in, answer);
            }
        }
    }

    private static void serve(ServerSocketChannel server, ByteBuffer in, ByteBuffer answer) throws IOException {
        try (SocketChannel channel = server.accept()) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.read(in.clear());
            channel.write(answer.rewind());
            while (channel.read(in.clear()) > 0) {
                // Until the client closes.
            }
        }
    }
}
