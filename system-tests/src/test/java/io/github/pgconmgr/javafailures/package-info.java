/** Java fails in every way inside PostgreSQL, under both hosts, and nobody but the worker notices (ADR 3). */
@NullMarked
package io.github.pgconmgr.javafailures;

import org.jspecify.annotations.NullMarked;
