/** Our own severity ladder, the catalogue of messages, and where lines go (style rules 17 and 18; C5). */
@NullMarked
package io.github.pgconmgr.log;

import org.jspecify.annotations.NullMarked;
