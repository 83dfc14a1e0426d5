package io.github.pgconmgr.bench;

import java.util.List;

/**
 * One load of pgbench, and what we are held to with it. Immutable.
 *
 * @param title what the table calls it
 * @param clients how many at the same time
 * @param options of pgbench, besides
 * @param windowSeconds how long one look is
 */
record RelayLoad(String title, int clients, List<String> options, int windowSeconds, List<Goal> goals) {}
