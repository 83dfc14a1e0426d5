package io.github.pgconmgr.relay.console;

import org.jspecify.annotations.Nullable;

/**
 * What a command gives. Immutable.
 *
 * @param table null if it gives no rows
 * @param tag of CommandComplete; empty for the empty query
 * @param notice empty for none
 * @param detail of the notice; empty for none
 */
record Outcome(@Nullable Table table, String tag, String notice, String detail) {

    static final Outcome EMPTY = new Outcome(null, "", "", "");

    static Outcome of(Table table) {
        return new Outcome(table, "SHOW", "", "");
    }

    static Outcome done(String tag) {
        return new Outcome(null, tag, "", "");
    }
}
