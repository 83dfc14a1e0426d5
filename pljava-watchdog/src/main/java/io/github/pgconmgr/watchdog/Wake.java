package io.github.pgconmgr.watchdog;

import java.io.FileOutputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Wakes C's main thread: one byte into the wake pipe, at most one between two ticks, so that the pipe never fills and a write
 * never blocks. The pipe is opened by its number, as no native method can be registered under PL/Java (ADR 3).
 *
 * <p>Shared: any thread may signal.
 */
final class Wake implements AutoCloseable {

    private final FileOutputStream pipe;
    private final AtomicBoolean pending = new AtomicBoolean();

    private Wake(FileOutputStream pipe) {
        this.pipe = pipe;
    }

    /**
     * Opens the pipe for writing. Its reading end is open in this process, so this does not block.
     *
     * @param descriptor the number of either end
     */
    static Wake open(int descriptor) throws IOException {
        return new Wake(new FileOutputStream("/dev/fd/" + descriptor));
    }

    /** Asks for a tick, unless one is asked for already. */
    void signal() throws IOException {
        if (pending.compareAndSet(false, true)) {
            pipe.write(0);
        }
    }

    /** A tick has begun: what is said from here on needs a new one. Call before the output is collected. */
    void onTick() {
        pending.set(false);
    }

    @Override
    public void close() throws IOException {
        pipe.close();
    }
}
