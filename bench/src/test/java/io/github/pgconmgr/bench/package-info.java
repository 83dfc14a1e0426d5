/** Tests of what turns measurements into verdicts. */
@NullMarked
package io.github.pgconmgr.bench;

import org.jspecify.annotations.NullMarked;
