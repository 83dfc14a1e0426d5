/** Message formats shared by every program of this project (docs/protocol.md). No I/O, no threads, the JDK alone. */
@NullMarked
package io.github.pgconmgr.wire;

import org.jspecify.annotations.NullMarked;
