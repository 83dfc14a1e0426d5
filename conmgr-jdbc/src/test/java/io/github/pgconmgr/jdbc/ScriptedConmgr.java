package io.github.pgconmgr.jdbc;

import io.github.pgconmgr.wire.redirect.RedirectAnswer;
import io.github.pgconmgr.wire.redirect.RedirectRequest;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A conmgr that gives every driver the same answer and then says nothing until the test makes it. Shared. */
final class ScriptedConmgr extends ScriptedServer {

    /** Requests as they came. */
    final List<RedirectRequest> requests;

    private ScriptedConmgr(List<RedirectRequest> requests, Conversation afterRequest) throws IOException {
        super(socket -> {
            requests.add(readRequest(socket));
            afterRequest.play(socket);
        });
        this.requests = requests;
    }

    static ScriptedConmgr playing(Conversation afterRequest) throws IOException {
        return new ScriptedConmgr(new CopyOnWriteArrayList<>(), afterRequest);
    }

    /** Names this server as instance 0. */
    static ScriptedConmgr naming(ScriptedServer instance) throws IOException {
        return answering(instanceAnswer("localhost", "127.0.0.1", instance.port()));
    }

    static ScriptedConmgr answering(RedirectAnswer answer) throws IOException {
        return sending(bytes(answer));
    }

    /** Answers with these bytes and waits for the driver to close. */
    static ScriptedConmgr sending(byte[] answer) throws IOException {
        return playing(socket -> {
            socket.getOutputStream().write(answer);
            untilClosed(socket);
        });
    }

    static ScriptedConmgr refusing(String message) throws IOException {
        return playing(socket -> socket.getOutputStream().write(bytes(new RedirectAnswer.Refusal("08001", message))));
    }

    static RedirectAnswer.Instance instanceAnswer(String host, String hostaddr, int port) {
        return new RedirectAnswer.Instance(0, port, host, hostaddr, "primary");
    }

    static byte[] bytes(RedirectAnswer answer) {
        ByteBuffer encoded = answer.encode();
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        return bytes;
    }

    void sendDown(String reason) throws IOException {
        sendToAll(bytes(new RedirectAnswer.Down(0, reason)));
    }

    static void untilClosed(Socket socket) throws IOException {
        while (socket.getInputStream().read() >= 0) {
            // A driver sends nothing after its request; whatever comes is dropped.
        }
    }

    private static RedirectRequest readRequest(Socket socket) throws Exception {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        int length = in.readInt();
        ByteBuffer request = ByteBuffer.allocate(length);
        request.putInt(length);
        in.readFully(request.array(), 4, length - 4);
        return RedirectRequest.decode(request.rewind());
    }
}
