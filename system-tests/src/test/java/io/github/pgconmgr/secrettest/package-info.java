/** The shared secret between conmgr and watchdog, with the programs as a user has them, on real servers (ADR 5). */
@NullMarked
package io.github.pgconmgr.secrettest;

import org.jspecify.annotations.NullMarked;
