/** Stock programs and drivers, which know nothing of conmgr, through its relay. */
@NullMarked
package io.github.pgconmgr.relaytest;

import org.jspecify.annotations.NullMarked;
