/** Tests of what {@code make soak} measures and judges. */
@NullMarked
package io.github.pgconmgr.faults.soak;

import org.jspecify.annotations.NullMarked;
