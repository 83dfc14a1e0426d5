package io.github.pgconmgr.watchdog;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Closing what is given up anyway. Stateless. */
final class Channels {

    private Channels() {}

    /** Closes; an error of close tells nothing that anyone could act upon: the descriptor is gone either way. */
    static void close(@Nullable Closeable channel) {
        if (channel == null) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            return;
        }
    }
}
