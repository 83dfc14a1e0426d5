/** conmgr.conf: one table of parameters, parser, validation, and the frozen result (C1 to C4; style rules 15 and 16). */
@NullMarked
package io.github.pgconmgr.config;

import org.jspecify.annotations.NullMarked;
