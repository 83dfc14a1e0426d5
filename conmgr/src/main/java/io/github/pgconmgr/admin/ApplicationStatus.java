package io.github.pgconmgr.admin;

import java.time.Instant;

/**
 * One application that holds a connection to conmgr. What it tells of itself is not checked. Immutable.
 *
 * @param pid as it says; empty if it does not
 * @param applicationName as it says; empty if it does not
 * @param address its address and port
 * @param target the wanted attribute
 * @param instance where it was sent
 * @param since when it connected
 */
public record ApplicationStatus(
        String pid, String applicationName, String address, String target, int instance, Instant since) {}
