/**
 * The JDBC add-on: a driver for {@code jdbc:conmgr:} URLs that asks a conmgr for an instance (stage 1), lets pgjdbc connect
 * straight to it (stage 2), and ends the SQL connection's waits when conmgr tells that the instance is gone. Entry:
 * {@link io.github.pgconmgr.jdbc.ConmgrDriver}.
 */
@NullMarked
package io.github.pgconmgr.jdbc;

import org.jspecify.annotations.NullMarked;
