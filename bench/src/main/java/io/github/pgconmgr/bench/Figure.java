package io.github.pgconmgr.bench;

import java.util.List;

/** Something to be measured, on hosts and servers of its own, which are gone when it returns. */
@FunctionalInterface
interface Figure {

    /** Measures; blocks, up to a minute or so. */
    List<Outcome> measure();
}
