/** Workers and their cached server connections, and the clients that wait for one (P1 to P9, ADR 9). Pure: knows no connection and no clock. */
@NullMarked
package io.github.pgconmgr.relay.pool;

import org.jspecify.annotations.NullMarked;
