@NullMarked
package io.github.pgconmgr.faults;

import org.jspecify.annotations.NullMarked;
