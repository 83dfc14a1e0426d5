package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.statistics.DatabaseCounters;
import io.github.pgconmgr.relay.statistics.Statistic;
import org.jspecify.annotations.Nullable;

/** Tells the counters of its database what one client does, from its login on. Confined to the relay's loop; allocates nothing. */
final class ClientFigures {

    private @Nullable DatabaseCounters counters;
    private long askedNanos;
    private long beganNanos;
    private long unsaidSent;

    /** It has logged in. */
    void onLogin(DatabaseCounters ofDatabase) {
        counters = ofDatabase;
        ofDatabase.count(Statistic.CLIENT_LOGIN_COUNT);
    }

    /** It was given a server connection. */
    void onAssigned(long waitedNanos) {
        if (counters != null) {
            counters.count(Statistic.SERVER_ASSIGNMENT_COUNT);
            counters.addNanos(Statistic.WAIT_TIME, waitedNanos);
        }
    }

    /**
     * It has sent something.
     *
     * @param answered it had awaited no answer before
     * @param inTransaction it was in a transaction before
     */
    void onReceived(int bytes, boolean answered, boolean inTransaction, long nowNanos) {
        if (counters != null) {
            counters.add(Statistic.RECEIVED, bytes);
        }
        if (answered) {
            askedNanos = nowNanos;
            if (!inTransaction) {
                beganNanos = nowNanos;
            }
        }
    }

    /** A message, or a piece of one, goes to it; {@link #onChunkSent} follows. */
    void onSent(int bytes) {
        unsaidSent += bytes;
    }

    void onChunkSent() {
        if (counters != null) {
            counters.add(Statistic.SENT, unsaidSent);
        }
        unsaidSent = 0;
    }

    /** The server has answered: ReadyForQuery. */
    void onReady(boolean inTransaction, long nowNanos) {
        if (counters == null) {
            return;
        }
        counters.count(Statistic.QUERY_COUNT);
        counters.addNanos(Statistic.QUERY_TIME, nowNanos - askedNanos);
        askedNanos = nowNanos;
        if (!inTransaction) {
            counters.count(Statistic.XACT_COUNT);
            counters.addNanos(Statistic.XACT_TIME, nowNanos - beganNanos);
            beganNanos = nowNanos;
        }
    }
}
