/** What the C half and the Java half of the worker hand each other (docs/protocol.md, section 3; ADR 3). */
@NullMarked
package io.github.pgconmgr.watchdog.tick;

import org.jspecify.annotations.NullMarked;
