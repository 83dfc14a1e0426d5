package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.config.AuthConfig;
import io.github.pgconmgr.config.PoolConfig;
import io.github.pgconmgr.config.PoolMode;
import io.github.pgconmgr.config.PoolTimes;
import io.github.pgconmgr.config.RelayConfig;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A pool's configuration, changed parameter by parameter. Confined to the test's thread. */
final class PoolSample {

    private PoolMode mode = PoolMode.SESSION;
    private int workers = 4;
    private int reserved;
    private int maxPool = 2;
    private boolean cache = true;
    private int maxWaiting = 2;
    private int childMaxConnections;
    private int maxPreparedStatements;
    private List<String> resetQueries = List.of("ABORT", "DISCARD ALL");
    private long childLife;
    private long clientIdle;
    private long connectionLife;
    private long serverIdle;

    PoolSample transaction() {
        mode = PoolMode.TRANSACTION;
        return this;
    }

    PoolSample workers(int value) {
        workers = value;
        return this;
    }

    PoolSample reserved(int value) {
        reserved = value;
        return this;
    }

    PoolSample maxPool(int value) {
        maxPool = value;
        return this;
    }

    PoolSample cache(boolean value) {
        cache = value;
        return this;
    }

    PoolSample maxWaiting(int value) {
        maxWaiting = value;
        return this;
    }

    PoolSample childMaxConnections(int value) {
        childMaxConnections = value;
        return this;
    }

    PoolSample maxPreparedStatements(int value) {
        maxPreparedStatements = value;
        return this;
    }

    PoolSample resetQueries(String... statements) {
        resetQueries = List.of(statements);
        return this;
    }

    PoolSample childLifeSeconds(int seconds) {
        childLife = seconds;
        return this;
    }

    PoolSample clientIdleSeconds(int seconds) {
        clientIdle = seconds;
        return this;
    }

    PoolSample connectionLifeSeconds(int seconds) {
        connectionLife = seconds;
        return this;
    }

    PoolSample serverIdleSeconds(int seconds) {
        serverIdle = seconds;
        return this;
    }

    /** A relay with this pool. */
    RelayConfig relay(String... statsUsers) {
        return new RelayConfig(
                TargetAttribute.READ_WRITE, 0, 0, 0, build(), AuthConfig.DEFAULT, null, List.of(statsUsers));
    }

    private PoolConfig build() {
        return new PoolConfig(
                mode,
                workers,
                reserved,
                maxPool,
                cache,
                maxWaiting,
                false,
                childMaxConnections,
                maxPreparedStatements,
                resetQueries,
                new PoolTimes(
                        TimeUnit.SECONDS.toNanos(childLife),
                        TimeUnit.SECONDS.toNanos(clientIdle),
                        TimeUnit.SECONDS.toNanos(connectionLife),
                        TimeUnit.SECONDS.toNanos(serverIdle),
                        TimeUnit.SECONDS.toNanos(60)));
    }
}
