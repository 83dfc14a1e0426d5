package io.github.pgconmgr.bench;

import java.util.List;

/**
 * One diagram of a chart. Immutable.
 *
 * @param sizes what the horizontal axis counts
 * @param unit of the vertical axis
 * @param bound what is to be reached, drawn as a dashed line; NaN for none
 */
record Panel(String title, String sizes, String unit, double bound, List<Curve> curves) {}
