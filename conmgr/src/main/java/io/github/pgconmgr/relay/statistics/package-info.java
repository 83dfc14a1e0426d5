/** What the relay counts for SHOW STATS: by database, since conmgr's start and over the last period. Knows the JDK alone. */
@NullMarked
package io.github.pgconmgr.relay.statistics;

import org.jspecify.annotations.NullMarked;
