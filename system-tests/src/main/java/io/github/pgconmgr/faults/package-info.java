/**
 * {@code make faults}: the fault matrix. Scenario files say what breaks and what must follow, labs of network namespaces play
 * them under load, common checks judge every round. docs/faults.md tells how to write one.
 */
@NullMarked
package io.github.pgconmgr.faults;

import org.jspecify.annotations.NullMarked;
