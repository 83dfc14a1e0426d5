/** Every way in for a JDBC application, on real servers: drivers, pools, TLS, passwords, cancels, and what fails. */
package io.github.pgconmgr.jdbctest;
