package io.github.pgconmgr.config;

/**
 * One line of the parameter table (style rule 15). Immutable.
 *
 * @param name as in conmgr.conf, without an instance number
 * @param scope once per file, or once per instance with its number behind the name
 * @param type parser and bounds
 * @param defaultText as one would write it in the file; empty if there is no default
 * @param change what it takes to change it
 * @param text what it does, for people; plain sentences
 * @param <T> the parsed value
 */
record Parameter<T>(String name, Scope scope, ValueType<T> type, String defaultText, Change change, String text) {

    /** How often a parameter stands in a file. */
    enum Scope {
        ONCE,
        PER_INSTANCE
    }

    /** What it takes until a changed value holds (C1: a restart, as documented). */
    enum Change {
        RESTART
    }

    boolean indexed() {
        return scope == Scope.PER_INSTANCE;
    }
}
