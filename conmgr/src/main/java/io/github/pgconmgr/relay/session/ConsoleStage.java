package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.console.ConsoleGreeting;
import io.github.pgconmgr.relay.console.ConsoleSession;
import io.github.pgconmgr.relay.protocol.ErrorResponse;
import java.nio.ByteBuffer;

/**
 * A client of the virtual database, behind its login. Who does not read its answers is not read itself.
 *
 * <p>Confined to the relay's loop.
 */
final class ConsoleStage implements ClientStage {

    private final ClientSession client;
    private final ConsoleSession session;
    private long turnNanos;

    private ConsoleStage(RelayCore core, ClientSession client) {
        this.client = client;
        this.session = new ConsoleSession(() -> core.picture(turnNanos));
    }

    /** Whether that is the database that is none. */
    static boolean isWanted(Login login) {
        return login.startup().database().equals(ConsoleGreeting.DATABASE)
                && !login.startup().isReplication();
    }

    /** Lets a client in that has proven who it is, if it may. */
    static void open(RelayCore core, ClientSession client, Login login, long nowNanos) {
        String user = login.startup().user();
        if (login.isEndToEnd()) {
            client.fail(
                    new ErrorResponse(
                            "28000",
                            "database \"" + ConsoleGreeting.DATABASE + "\" is conmgr's own, and conmgr knows no users",
                            "Set auth_file and stats_users in conmgr.conf."),
                    nowNanos);
        } else if (!core.console().users().contains(user)) {
            client.fail(
                    new ErrorResponse(
                            "42501",
                            "user \"" + user + "\" may not use database \"" + ConsoleGreeting.DATABASE + "\"",
                            "Add the user to stats_users in conmgr.conf."),
                    nowNanos);
        } else {
            client.move(ClientState.Event.CONSOLE_WANTED);
            client.enter(new ConsoleStage(core, client));
            client.onReady();
            client.connection().write(Greeting.ofConsole(login));
        }
    }

    @Override
    public void onBytes(ByteBuffer chunk, long nowNanos) {
        turnNanos = nowNanos;
        ByteBuffer answer = session.onBytes(chunk);
        client.connection().write(answer);
        if (session.isEnded()) {
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
