/** The virtual database {@code conmgr}: answers SHOW commands, as PgBouncer's and Pgpool-II's, from a picture of the relay (ADR 9). */
@NullMarked
package io.github.pgconmgr.relay.console;

import org.jspecify.annotations.NullMarked;
