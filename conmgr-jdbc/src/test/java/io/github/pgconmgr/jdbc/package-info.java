/** Tests of the JDBC add-on against scripted conmgrs and instances: no server is needed. */
@NullMarked
package io.github.pgconmgr.jdbc;

import org.jspecify.annotations.NullMarked;
