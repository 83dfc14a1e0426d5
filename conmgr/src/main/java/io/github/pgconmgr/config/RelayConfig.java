package io.github.pgconmgr.config;

import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything about relayed connections (ADR 9). Immutable.
 *
 * @param target the instance's attribute for stock drivers on conmgr's port
 * @param primaryPort a port of its own for the attribute primary; 0 is none
 * @param standbyPort the same for standby
 * @param anyPort the same for any
 * @param tls null where clients are not offered TLS
 * @param statsUsers who may use the virtual database conmgr
 */
public record RelayConfig(
        TargetAttribute target,
        int primaryPort,
        int standbyPort,
        int anyPort,
        PoolConfig pool,
        AuthConfig auth,
        @Nullable TlsConfig tls,
        List<String> statsUsers) {

    /** As without any parameter. */
    public static final RelayConfig DEFAULT = new RelayConfig(
            TargetAttribute.READ_WRITE, 0, 0, 0, PoolConfig.DEFAULT, AuthConfig.DEFAULT, null, List.of());

    /** Copies the list. */
    public RelayConfig {
        statsUsers = List.copyOf(statsUsers);
    }

    /** This one with other authentication. */
    public RelayConfig withAuth(AuthConfig changed) {
        return new RelayConfig(target, primaryPort, standbyPort, anyPort, pool, changed, tls, statsUsers);
    }

    /** See {@link ConmgrConfig#reloadedFrom}. */
    RelayConfig reloadedFrom(RelayConfig file) {
        return new RelayConfig(
                target, primaryPort, standbyPort, anyPort, pool.reloadedFrom(file.pool), auth, tls, file.statsUsers);
    }
}
