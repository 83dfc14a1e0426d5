/** Tests of what the tests stand on. */
@NullMarked
package io.github.pgconmgr.testkit;

import org.jspecify.annotations.NullMarked;
