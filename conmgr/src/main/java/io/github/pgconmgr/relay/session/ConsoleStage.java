package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.auth.CancelKey;
import io.github.pgconmgr.relay.auth.CancelKeys;
import io.github.pgconmgr.relay.console.ConsoleGreeting;
import io.github.pgconmgr.relay.console.ConsoleSession;
import io.github.pgconmgr.relay.protocol.ErrorResponse;
import io.github.pgconmgr.relay.protocol.MessageScanner;
import io.github.pgconmgr.relay.protocol.StartupPacket;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A client of the virtual database {@code conmgr}: shows what the relay does. Needs neither worker nor instance. Confined to the relay's loop. */
final class ConsoleStage implements ClientStage {

    private static final String INVALID_AUTHORIZATION = "28000";

    /** End to end there is nobody who could prove anything to conmgr. */
    static final ErrorResponse NOBODY = new ErrorResponse(
            INVALID_AUTHORIZATION,
            "nobody can log in to the virtual database \"" + ConsoleGreeting.DATABASE + "\"",
            "It needs auth_file, or auth_type = trust, in conmgr.conf.");

    private static final byte[] READY = {'Z', 0, 0, 0, 5, 'I'};

    private final ClientSession client;
    private final ConsoleSession console;
    private long turnNanos;

    private ConsoleStage(RelayCore core, ClientSession client) {
        this.client = client;
        this.console = new ConsoleSession(() -> core.picture(turnNanos));
    }

    static boolean isFor(StartupPacket packet) {
        return packet.database().equals(ConsoleGreeting.DATABASE);
    }

    /** Greets a client that has proven who it is, if it may look. */
    static void begin(RelayCore core, ClientSession client, Login login, long nowNanos) {
        String user = login.startup().user();
        if (!core.statsUsers().contains(user)) {
            client.fail(
                    new ErrorResponse(
                            INVALID_AUTHORIZATION,
                            "user \"" + user + "\" may not use the virtual database \"" + ConsoleGreeting.DATABASE
                                    + "\"",
                            "See stats_users in conmgr.conf."),
                    nowNanos);
            return;
        }
        client.move(ClientState.Event.CONSOLE_WANTED);
        client.enter(new ConsoleStage(core, client));
        client.connection().write(greeting(client, login));
        client.onReady();
    }

    private static ByteBuffer greeting(ClientSession client, Login login) {
        ByteArrayOutputStream parameters = new ByteArrayOutputStream();
        ConsoleGreeting.parameters().forEach((name, value) -> parameters.writeBytes(status(name, value)));
        CancelKey key = client.cancelKey(CancelKeys.SECRET_BYTES);
        ByteBuffer keyMessage = Greeting.keyMessage(key);
        ByteBuffer out = ByteBuffer.allocate(
                login.greeting().remaining() + parameters.size() + keyMessage.remaining() + READY.length);
        out.put(login.greeting().duplicate())
                .put(parameters.toByteArray())
                .put(keyMessage)
                .put(READY);
        return out.flip();
    }

    private static byte[] status(String name, String value) {
        byte[] body = (name + "\0" + value + "\0").getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(MessageScanner.HEADER_BYTES + body.length)
                .put((byte) 'S')
                .putInt(Integer.BYTES + body.length)
                .put(body)
                .array();
    }

    @Override
    public void onBytes(ByteBuffer chunk, long nowNanos) {
        turnNanos = nowNanos;
        client.connection().write(console.onBytes(chunk));
        if (console.isEnded()) {
            client.leave(nowNanos);
        } else if (client.connection().isCongested()) {
            client.connection().pauseReading();
        }
    }

    @Override
    public void onWritable(long nowNanos) {
        client.connection().resumeReading();
    }
}
