package io.github.pgconmgr.javafailures;

/** Where Java fails. Immutable. */
enum Place {
    /** In the call that C makes. */
    TICK("tick"),
    /** In the thread that talks to the conmgrs. */
    IO_THREAD("io");

    private final String word;

    Place(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }
}
