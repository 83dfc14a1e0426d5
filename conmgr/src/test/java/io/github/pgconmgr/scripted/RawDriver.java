package io.github.pgconmgr.scripted;

import io.github.pgconmgr.wire.MalformedMessageException;
import io.github.pgconmgr.wire.redirect.RedirectAnswer;
import io.github.pgconmgr.wire.redirect.RedirectRequest;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Map;

/** Stage 1 of a driver over a plain socket. Blocks, 20 s at most. Confined to the test's thread. */
public final class RawDriver implements AutoCloseable {

    private static final int LIMIT_MILLIS = 20_000;

    private final Socket socket;
    private final DataInputStream in;

    public RawDriver(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(LIMIT_MILLIS);
        in = new DataInputStream(socket.getInputStream());
    }

    /** Asks and gives the answer. */
    public RedirectAnswer ask(TargetAttribute target) throws IOException, MalformedMessageException {
        ByteBuffer request = new RedirectRequest(0, target, Map.of("application_name", "test")).encode();
        send(request);
        return answer();
    }

    public void send(ByteBuffer bytes) throws IOException {
        byte[] out = new byte[bytes.remaining()];
        bytes.get(out);
        socket.getOutputStream().write(out);
    }

    /** The next answer or notice. */
    public RedirectAnswer answer() throws IOException, MalformedMessageException {
        byte type = in.readByte();
        byte[] body = in.readNBytes(RedirectAnswer.bodyBytes(in.readInt()));
        return RedirectAnswer.decodeBody(type, ByteBuffer.wrap(body));
    }

    /** All that comes until conmgr closes. */
    public byte[] rest() throws IOException {
        return in.readAllBytes();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
