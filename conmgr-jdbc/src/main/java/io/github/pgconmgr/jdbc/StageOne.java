package io.github.pgconmgr.jdbc;

import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.wire.MalformedMessageException;
import io.github.pgconmgr.wire.redirect.RedirectAnswer;
import io.github.pgconmgr.wire.redirect.RedirectRequest;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.regex.Pattern;

/**
 * One question at one address: conmgr or ordinary server, and if conmgr, which instance (T1, T2; docs/protocol.md, section 2).
 * The answer is taken from the peer that was dialled and followed for one hop: what it names is spoken to as an instance.
 *
 * <p>Confined to the thread that connects.
 */
final class StageOne {

    /** What may stand in a JDBC URL as a host without ending it: an answer must not bring properties of its own. */
    private static final Pattern HOST = Pattern.compile("[\\p{L}\\p{N}._:%-]*");

    private final RedirectRequest request;
    private final NanoClock clock;

    StageOne(RedirectRequest request, NanoClock clock) {
        this.request = request;
        this.clock = clock;
    }

    /**
     * Asks. Blocks at most until the deadline, however slowly the answer trickles in. Every connection that is not part of
     * the result is closed.
     *
     * @throws IOException if nobody answers, in time or at all
     * @throws MalformedMessageException if the answer is neither conmgr's nor a PostgreSQL server's
     */
    StageOneResult ask(InetAddress address, int port, Deadline deadline) throws IOException, MalformedMessageException {
        SocketChannel channel = SocketChannel.open();
        boolean kept = false;
        try {
            Socket socket = channel.socket();
            socket.connect(new InetSocketAddress(address, port), deadline.socketMillis(clock));
            socket.setTcpNoDelay(true);
            ByteBuffer out = request.encode();
            while (out.hasRemaining()) {
                channel.write(out);
            }
            StageOneResult result = dispatch(channel, address, deadline);
            kept = result instanceof StageOneResult.Redirected;
            return result;
        } finally {
            if (!kept) {
                channel.close();
            }
        }
    }

    private StageOneResult dispatch(SocketChannel channel, InetAddress address, Deadline deadline)
            throws IOException, MalformedMessageException {
        // An ordinary server's answer is one byte, conmgr's never shorter than this: one read takes either.
        byte[] header = new byte[RedirectAnswer.HEADER_BYTES];
        int have = read(channel.socket(), header, 0, 1, deadline);
        return switch (header[0]) {
            // After N the same socket could go on; pgjdbc dials again, as it must after G and E. See the module's
            // README.
            case 'N', 'G', 'E' -> new StageOneResult.OrdinaryServer(address);
            case 'c', 'e' -> onAnswer(header, have, channel, deadline);
            default -> throw new MalformedMessageException("the answer is neither conmgr's nor PostgreSQL's");
        };
    }

    private StageOneResult onAnswer(byte[] header, int have, SocketChannel channel, Deadline deadline)
            throws IOException, MalformedMessageException {
        read(channel.socket(), header, have, header.length, deadline);
        byte[] body = new byte[RedirectAnswer.bodyBytes(ByteBuffer.wrap(header).getInt(1))];
        read(channel.socket(), body, 0, body.length, deadline);
        RedirectAnswer answer = RedirectAnswer.decodeBody(header[0], ByteBuffer.wrap(body));
        if (answer instanceof RedirectAnswer.Instance instance) {
            if (!request.wish().isNone() && instance.minLsn() != request.wish().lsn()) {
                return new StageOneResult.Refused(
                        SqlStates.UNABLE_TO_CONNECT,
                        "it does not know " + MinLsn.PROPERTY + ", its version is too old");
            }
            return redirected(instance, channel);
        }
        if (answer instanceof RedirectAnswer.Refusal refusal) {
            return new StageOneResult.Refused(refusal.sqlState(), refusal.message());
        }
        throw new MalformedMessageException("a down notice before the answer");
    }

    private static StageOneResult redirected(RedirectAnswer.Instance instance, SocketChannel channel)
            throws MalformedMessageException {
        if (!HOST.matcher(instance.host()).matches()) {
            throw new MalformedMessageException("the answer's host is not a host name");
        }
        return new StageOneResult.Redirected(instance, NumericAddress.parse(instance.hostaddr()), channel);
    }

    /**
     * Reads behind the first {@code have} bytes until there are {@code enough}, and never past the end: what follows the answer
     * is a notice, which the watcher must find.
     *
     * @return how many there are
     */
    private int read(Socket socket, byte[] into, int have, int enough, Deadline deadline) throws IOException {
        InputStream in = socket.getInputStream();
        int filled = have;
        while (filled < enough) {
            socket.setSoTimeout(deadline.socketMillis(clock));
            int n = in.read(into, filled, into.length - filled);
            if (n < 0) {
                throw new EOFException("the server closed the connection without an answer");
            }
            filled += n;
        }
        return filled;
    }
}
