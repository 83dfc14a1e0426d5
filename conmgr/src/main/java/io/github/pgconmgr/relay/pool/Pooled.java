package io.github.pgconmgr.relay.pool;

/** A server connection as the pool sees it. Confined to the relay's loop. */
public interface Pooled {

    /** Whom it may serve. */
    PoolKey key();

    /** Since when it exists. */
    long openedNanos();

    /** It lies in the pool from now on. */
    void onCached(long nowNanos);

    /** Since when it lies there. */
    long cachedNanos();

    /** It is in the pool no more and is to be closed; called once at most. */
    void drop(String reason, long nowNanos);
}
