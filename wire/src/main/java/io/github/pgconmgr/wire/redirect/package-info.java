/** Redirect messages between a driver and conmgr, version 1 (docs/protocol.md, section 2; ADR 2). */
@NullMarked
package io.github.pgconmgr.wire.redirect;

import org.jspecify.annotations.NullMarked;
