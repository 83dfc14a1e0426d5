/**
 * Attribute checks by SQL, for an instance without a watchdog, or to confirm what a watchdog says (ADR 10).
 * {@link io.github.pgconmgr.attribute.SqlLink} and {@link io.github.pgconmgr.attribute.Confirmation} are the cores, without
 * sockets; {@link io.github.pgconmgr.attribute.AttributeChecks} is what the daemon makes and closes, and only if an instance is
 * checked by SQL: no class of jOOQ or pgjdbc is loaded without one.
 */
@NullMarked
package io.github.pgconmgr.attribute;

import org.jspecify.annotations.NullMarked;
