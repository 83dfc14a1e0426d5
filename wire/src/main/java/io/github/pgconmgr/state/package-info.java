/** State machines as tables: from, event, to, sentence (style rule 11). */
@NullMarked
package io.github.pgconmgr.state;

import org.jspecify.annotations.NullMarked;
