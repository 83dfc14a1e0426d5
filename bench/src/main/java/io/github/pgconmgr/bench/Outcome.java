package io.github.pgconmgr.bench;

/**
 * One row of the table. Immutable.
 *
 * @param what the figure
 * @param target what is to be reached, with its unit
 * @param measured median and range, with their unit
 * @param beside the same work without us, in the same run, and how the measurement was made where that is not plain
 */
record Outcome(String what, String target, String measured, Verdict verdict, String beside) {}
