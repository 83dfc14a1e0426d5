package io.github.pgconmgr.bench;

/** The Java that conmgr runs on here: the goals differ. Immutable: no state. */
final class RelayJava {

    private static final int FOREIGN_FUNCTIONS = 22;

    private RelayJava() {}

    /** Whether it has the foreign-function API. */
    static boolean isNew() {
        return Runtime.version().feature() >= FOREIGN_FUNCTIONS;
    }
}
