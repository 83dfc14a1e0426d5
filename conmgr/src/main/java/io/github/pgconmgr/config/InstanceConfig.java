package io.github.pgconmgr.config;

/**
 * One instance of the instance set, as conmgr.conf names it (C3). Immutable.
 *
 * @param number the instance number, 0 to 65535
 * @param host {@code backend_host}; empty if only the address is given
 * @param hostaddr {@code backend_hostaddr}, numeric; empty if the name has to be resolved. Wins over {@code host}
 * @param backendPort where the postmaster listens
 * @param watchdogPort where the watchdog listens
 * @param check who tells of it
 */
public record InstanceConfig(
        int number, String host, String hostaddr, int backendPort, int watchdogPort, CheckConfig check) {

    /** One that its watchdog tells of. */
    public InstanceConfig(int number, String host, String hostaddr, int backendPort, int watchdogPort) {
        this(number, host, hostaddr, backendPort, watchdogPort, CheckConfig.WATCHDOG);
    }

    /** What a driver is told as the instance's name, for TLS and .pgpass. */
    public String displayHost() {
        return host.isEmpty() ? hostaddr : host;
    }
}
