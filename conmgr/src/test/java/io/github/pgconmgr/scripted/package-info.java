/** Fakes and scripted peers for conmgr's tests. */
@NullMarked
package io.github.pgconmgr.scripted;

import org.jspecify.annotations.NullMarked;
