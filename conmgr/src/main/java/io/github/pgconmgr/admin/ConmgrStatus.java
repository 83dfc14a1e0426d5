package io.github.pgconmgr.admin;

import java.time.Instant;

/**
 * The conmgr itself. Immutable.
 *
 * @param since when it started
 */
public record ConmgrStatus(long pid, String version, String directory, int port, Instant since) {}
