package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.statistics.DatabaseCounters;
import io.github.pgconmgr.relay.statistics.Statistic;

/** What one client adds to its database's counters. Confined to the relay's loop. */
final class Measures {

    private final DatabaseCounters counters;
    private boolean inQuery;
    private boolean inTransaction;
    private long queryNanos;
    private long transactionNanos;
    private long waitNanos;
    private long spokeNanos;

    Measures(DatabaseCounters counters, long nowNanos) {
        this.counters = counters;
        this.waitNanos = nowNanos;
        this.spokeNanos = nowNanos;
    }

    /** It needs a server connection from now on. */
    void onWait(long nowNanos) {
        waitNanos = nowNanos;
    }

    /** Since when it waits, if it does. */
    long waitNanos() {
        return waitNanos;
    }

    /** When it last said something. */
    long spokeNanos() {
        return spokeNanos;
    }

    /** It has one. */
    void onAttach(long nowNanos) {
        counters.count(Statistic.SERVER_ASSIGNMENT_COUNT);
        counters.addNanos(Statistic.WAIT_TIME, nowNanos - waitNanos);
    }

    void onLogin() {
        counters.count(Statistic.CLIENT_LOGIN_COUNT);
    }

    /** It has said so much. */
    void onReceived(int bytes, long nowNanos) {
        counters.add(Statistic.RECEIVED, bytes);
        spokeNanos = nowNanos;
        if (!inQuery) {
            inQuery = true;
            queryNanos = nowNanos;
        }
        if (!inTransaction) {
            inTransaction = true;
            transactionNanos = nowNanos;
        }
    }

    /** It is told so much. */
    void onSent(int bytes) {
        counters.add(Statistic.SENT, bytes);
    }

    /** ReadyForQuery. */
    void onReady(byte status, long nowNanos) {
        if (inQuery) {
            inQuery = false;
            counters.count(Statistic.QUERY_COUNT);
            counters.addNanos(Statistic.QUERY_TIME, nowNanos - queryNanos);
        }
        if (inTransaction && status == Exchange.IDLE) {
            inTransaction = false;
            counters.count(Statistic.XACT_COUNT);
            counters.addNanos(Statistic.XACT_TIME, nowNanos - transactionNanos);
        }
    }
}
