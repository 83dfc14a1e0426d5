/** The programs of this machine that stand on libpq, on real servers with libpqcm in front of their libpq. */
@NullMarked
package io.github.pgconmgr.libpqprograms;

import org.jspecify.annotations.NullMarked;
