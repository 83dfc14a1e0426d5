package io.github.pgconmgr.config;

import java.util.Locale;

/** When a relayed client gives its server connection back ({@code pool_mode}). */
public enum PoolMode {
    /** When it leaves. */
    SESSION,
    /** At the end of each transaction. */
    TRANSACTION;

    /** The word in conmgr.conf. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
