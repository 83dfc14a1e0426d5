package io.github.pgconmgr.watchdog;

import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.watchdog.tick.FirstTick;
import io.github.pgconmgr.watchdog.tick.TickInput;
import org.jspecify.annotations.Nullable;

/**
 * The one entry that C calls, embedded by JNI or under PL/Java (ADR 3; docs/protocol.md, section 3).
 *
 * <p>Shared: C calls it from one thread; should it ever be another one, the monitor keeps the state whole.
 */
public final class WatchdogHost {

    private static @Nullable Watchdog watchdog;

    private WatchdogHost() {}

    /**
     * One tick. Never blocks. The first call starts the watchdog's I/O thread.
     *
     * @param in the tick as C wrote it
     * @return the answer
     * @throws Exception if C and Java disagree on the format, or the I/O thread has failed: the worker must end with code 1 and
     *     be started again
     */
    public static synchronized byte[] tick(byte[] in) throws Exception {
        TickInput tick = TickInput.decode(in);
        FirstTick first = tick.firstTick();
        if ((first == null) != (watchdog != null)) {
            throw new IllegalStateException(first == null ? "the first tick is missing" : "a second first tick");
        }
        if (first != null) {
            watchdog = new Watchdog(first, tick, ServerLimits.PRODUCT, NanoClock.SYSTEM);
        }
        if (watchdog == null) {
            throw new IllegalStateException("not started");
        }
        return watchdog.tick(tick);
    }
}
