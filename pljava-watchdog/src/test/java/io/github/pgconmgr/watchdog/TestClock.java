package io.github.pgconmgr.watchdog;

import io.github.pgconmgr.time.NanoClock;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The real clock plus jumps; and a way into the I/O thread's turn at the moment when it has selected and reads its time, the one
 * moment at which a loop can miss input.
 */
final class TestClock implements NanoClock {

    private final AtomicLong jumped = new AtomicLong();
    private final AtomicReference<Runnable> afterSelect = new AtomicReference<>();
    private long callsOfLoop;

    void jump(long nanos) {
        jumped.addAndGet(nanos);
    }

    /** Runs this once, in the I/O thread, between a select and the reading of the time. */
    void onceAfterSelect(Runnable action) {
        afterSelect.set(action);
    }

    boolean hasRun() {
        return afterSelect.get() == null;
    }

    @Override
    public long nanoTime() {
        if (Thread.currentThread().getName().equals("watchdog-io")) {
            onCallOfLoop();
        }
        return NanoClock.SYSTEM.nanoTime() + jumped.get();
    }

    /** Its first call is before the loop; then it asks before and after each select. */
    private void onCallOfLoop() {
        callsOfLoop++;
        boolean isAfterSelect = callsOfLoop > 1 && callsOfLoop % 2 == 1;
        if (isAfterSelect) {
            Runnable action = afterSelect.getAndSet(null);
            if (action != null) {
                action.run();
            }
        }
    }
}
