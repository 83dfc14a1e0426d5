package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.config.PoolTimes;
import io.github.pgconmgr.relay.protocol.BackendMessages;
import io.github.pgconmgr.relay.protocol.PgpoolCommand;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;

/**
 * Pgpool-II's commands to itself, of which one parameter is there: {@code client_idle_limit}, for this session (P7). Confined to the relay's
 * loop; belongs to a client.
 */
final class PgpoolAnswers {

    private static final String CLIENT_IDLE_LIMIT = "client_idle_limit";
    private static final String SYNTAX_ERROR = "42601";
    private static final String UNKNOWN_PARAMETER = "42704";
    private static final String INVALID_VALUE = "22023";
    private static final long CONFIGURED = -1;
    private static final int TEXT_OID = 25;

    private final RelayCore core;
    private long ownIdleNanos = CONFIGURED;

    PgpoolAnswers(RelayCore core) {
        this.core = core;
    }

    /** What holds for this client; 0 is no limit. */
    long clientIdleNanos() {
        return ownIdleNanos >= 0 ? ownIdleNanos : core.pool().times().clientIdleNanos();
    }

    /**
     * Carries it out.
     *
     * @param status of the client's transaction, which this does not touch
     */
    ByteBuffer answer(PgpoolCommand command, byte status) {
        BackendMessages out = new BackendMessages();
        switch (command.verb()) {
            case SET -> set(command, out);
            case RESET -> reset(command.name(), out);
            case SHOW -> show(command.name(), out);
            case MALFORMED -> out.error(SYNTAX_ERROR, "syntax error in a PGPOOL command", "");
        }
        out.readyForQuery((char) status);
        return out.take();
    }

    private void set(PgpoolCommand command, BackendMessages out) {
        if (isUnknown(command.name(), out)) {
            return;
        }
        String value = command.value();
        OptionalLong nanos = value == null ? OptionalLong.of(CONFIGURED) : PoolTimes.clientIdleNanos(value);
        if (nanos.isEmpty()) {
            out.error(
                    INVALID_VALUE, "invalid value for parameter \"" + CLIENT_IDLE_LIMIT + "\": \"" + value + "\"", "");
            return;
        }
        ownIdleNanos = nanos.getAsLong();
        out.commandComplete("SET");
    }

    private void reset(String name, BackendMessages out) {
        if (name.equals("all") || !isUnknown(name, out)) {
            ownIdleNanos = CONFIGURED;
            out.commandComplete("RESET");
        }
    }

    private void show(String name, BackendMessages out) {
        if (isUnknown(name, out)) {
            return;
        }
        String text = PoolTimes.clientIdleText(clientIdleNanos());
        out.rowDescription(List.of(new BackendMessages.Column(CLIENT_IDLE_LIMIT, TEXT_OID, -1)), new int[1]);
        out.dataRow(List.of(text.getBytes(StandardCharsets.UTF_8)));
        out.commandComplete("SHOW");
    }

    private static boolean isUnknown(String name, BackendMessages out) {
        if (name.equals(CLIENT_IDLE_LIMIT)) {
            return false;
        }
        out.error(UNKNOWN_PARAMETER, "conmgr has no parameter \"" + name + "\" of a session", "");
        return true;
    }
}
