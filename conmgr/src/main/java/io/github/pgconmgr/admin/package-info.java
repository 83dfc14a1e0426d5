/** The control socket in the conmgr directory: requests of cm_ctl, answers as text (C8 to C10; ADR 4). */
@NullMarked
package io.github.pgconmgr.admin;

import org.jspecify.annotations.NullMarked;
