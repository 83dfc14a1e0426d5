/** The command cm_ctl: start, stop and status of the conmgr of a directory (C8 to C10). */
@NullMarked
package io.github.pgconmgr.ctl;

import org.jspecify.annotations.NullMarked;
