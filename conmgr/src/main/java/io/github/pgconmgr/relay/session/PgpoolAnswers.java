package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.config.PoolTimes;
import io.github.pgconmgr.relay.protocol.BackendMessages;
import io.github.pgconmgr.relay.protocol.BackendMessages.Column;
import io.github.pgconmgr.relay.protocol.PgpoolCommand;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a client has set for itself with PGPOOL SET (P7): its own {@code client_idle_limit}, in place of conmgr.conf's. Confined to the
 * relay's loop.
 */
final class PgpoolAnswers {

    private static final String NAME = "client_idle_limit";
    private static final Column SHOWN = new Column(NAME, 25, -1);
    private static final long UNSET = -1;

    private long ownNanos = UNSET;

    /** What holds for this client; 0 is no limit. */
    long idleNanos(PoolTimes times) {
        return ownNanos == UNSET ? times.clientIdleNanos() : ownNanos;
    }

    /**
     * Does what the command says.
     *
     * @param status of the transaction, for ReadyForQuery
     * @return the whole answer
     */
    ByteBuffer answer(PgpoolCommand command, PoolTimes times, char status) {
        BackendMessages out = new BackendMessages();
        boolean known = command.name().equals(NAME);
        switch (command.verb()) {
            case SET -> set(command, known, out);
            case RESET -> {
                if (known || command.name().equals("all")) {
                    ownNanos = UNSET;
                    out.commandComplete("RESET");
                } else {
                    refuse(command.name(), out);
                }
            }
            case SHOW -> {
                if (known) {
                    show(times, out);
                } else {
                    refuse(command.name(), out);
                }
            }
            case MALFORMED ->
                out.error(
                        "42601",
                        "syntax error in a PGPOOL command",
                        "PGPOOL SET client_idle_limit = n, PGPOOL RESET client_idle_limit, PGPOOL SHOW client_idle_limit.");
        }
        out.readyForQuery(status);
        return out.take();
    }

    private void set(PgpoolCommand command, boolean known, BackendMessages out) {
        String value = command.value();
        if (!known) {
            refuse(command.name(), out);
            return;
        }
        OptionalLong nanos = value == null ? OptionalLong.of(UNSET) : PoolTimes.clientIdleNanos(value);
        if (nanos.isPresent()) {
            ownNanos = nanos.getAsLong();
            out.commandComplete("SET");
        } else {
            out.error(
                    "22023",
                    "invalid value for parameter \"" + NAME + "\": \"" + value + "\"",
                    "It is a number of seconds.");
        }
    }

    private void show(PoolTimes times, BackendMessages out) {
        String text = PoolTimes.clientIdleText(idleNanos(times));
        out.rowDescription(List.of(SHOWN), new int[1]);
        out.dataRow(List.of(text.getBytes(StandardCharsets.UTF_8)));
        out.commandComplete("SHOW");
    }

    private static void refuse(String name, BackendMessages out) {
        out.error(
                "55P02",
                "parameter \"" + name + "\" cannot be changed or shown within a session",
                "Only " + NAME + " can; the others stand in conmgr.conf.");
    }
}
