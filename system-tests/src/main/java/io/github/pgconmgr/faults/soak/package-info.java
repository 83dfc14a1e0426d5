/**
 * What {@code make soak} measures of our processes, and the rule by which a figure is flat. Knows nothing of faults.
 */
@NullMarked
package io.github.pgconmgr.faults.soak;

import org.jspecify.annotations.NullMarked;
