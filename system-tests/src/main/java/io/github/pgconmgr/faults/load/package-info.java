/** The applications of the fault matrix: they link nothing of ours but the driver under test. */
@NullMarked
package io.github.pgconmgr.faults.load;

import org.jspecify.annotations.NullMarked;
