package io.github.pgconmgr.relay.statistics;

/**
 * A row of SHOW STATS. Immutable.
 *
 * @param totals since conmgr's start
 * @param averages over the last period and the current one
 */
public record DatabaseFigures(String database, Figures totals, Figures averages) {}
