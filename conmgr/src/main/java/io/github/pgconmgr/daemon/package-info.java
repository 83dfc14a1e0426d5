/** The process conmgr: start checks, lock and pid file, signals, wiring, end (L9, L10, C8, C9). */
@NullMarked
package io.github.pgconmgr.daemon;

import org.jspecify.annotations.NullMarked;
