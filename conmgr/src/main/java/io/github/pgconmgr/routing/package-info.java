/** Which instance a session goes to: a pure function of snapshot, wanted attribute and sessions per instance (T2, T7). */
@NullMarked
package io.github.pgconmgr.routing;

import org.jspecify.annotations.NullMarked;
