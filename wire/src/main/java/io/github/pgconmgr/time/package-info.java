/** The one place that reads a clock; everything else is handed the time (style rule 13). */
@NullMarked
package io.github.pgconmgr.time;

import org.jspecify.annotations.NullMarked;
