/** The programs that make the load: each runs on a host of the lab, in a process of its own, and writes lines of figures. */
@NullMarked
package io.github.pgconmgr.bench.load;

import org.jspecify.annotations.NullMarked;
