package io.github.pgconmgr.topology;

/**
 * All sessions that were sent to an instance before {@code generation} are gone: their clients must be told. Immutable.
 *
 * @param postmasterStartMicros the postmaster whose sessions they were
 * @param reason for the notice and the log
 * @param generation of the snapshot that shows the loss; who was routed by an older one is lost, who was routed by this or a
 *     newer one is not
 */
public record SessionsLost(int instanceNumber, long postmasterStartMicros, String reason, long generation) {}
