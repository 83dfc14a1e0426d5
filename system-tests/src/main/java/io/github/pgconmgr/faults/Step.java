package io.github.pgconmgr.faults;

import java.util.List;

/**
 * One line of a scenario that does something. Immutable.
 *
 * @param line its number in the file
 * @param words what comes after the verb, without the limit
 * @param limit how long to wait
 */
record Step(int line, Verb verb, List<String> words, Span limit) {

    /** What a line begins with. */
    enum Verb {
        /** An action that is the fault: times are counted from the first of them. */
        BREAK,
        /** An action that ends the fault: from the last of them on everything has to get well. */
        MEND,
        /** Any other action. */
        DO,
        /** Lets time pass. */
        WAIT,
        /** A condition that has to become true within the limit. */
        AWAIT,
        /** A condition that has to be true now. */
        EXPECT
    }

    @Override
    public String toString() {
        return verb.name().toLowerCase(java.util.Locale.ROOT) + " " + String.join(" ", words);
    }
}
