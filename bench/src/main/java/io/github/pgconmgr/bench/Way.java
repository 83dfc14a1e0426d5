package io.github.pgconmgr.bench;

import java.util.function.Consumer;

/** Ours, direct, and direct again, whose difference to direct is the noise. */
enum Way {
    OURS,
    DIRECT,
    AGAIN;

    /** All three, beginning with another one each round. */
    static void inTurn(int round, Consumer<Way> work) {
        for (int i = 0; i < values().length; i++) {
            work.accept(values()[(round + i) % values().length]);
        }
    }
}
