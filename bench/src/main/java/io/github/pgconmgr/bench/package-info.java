/**
 * {@code make bench}: the figures that the product is held to, measured on real programs and servers, each beside the same
 * work without us.
 */
@NullMarked
package io.github.pgconmgr.bench;

import org.jspecify.annotations.NullMarked;
