/** The logins of relayed clients and at instances, against real clients and a real PostgreSQL (ADR 9). */
@NullMarked
package io.github.pgconmgr.logintest;

import org.jspecify.annotations.NullMarked;
