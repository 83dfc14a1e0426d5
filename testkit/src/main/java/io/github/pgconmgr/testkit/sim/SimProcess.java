package io.github.pgconmgr.testkit.sim;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * A process with one event loop. What arrives waits in its kernel until the loop runs; a stalled loop (garbage collection, a
 * stopped machine) runs late and then finds everything at once.
 *
 * <p>Confined to the simulation. The subclass is the shell around a core.
 */
public abstract class SimProcess {

    private final SimTime time;
    private final Queue<Runnable> arrived = new ArrayDeque<>();
    private boolean stalled;
    private boolean turnPlanned;
    private boolean alive = true;
    private long stallStartNanos;
    private long stalledNanos;
    private long timerCount;

    protected SimProcess(SimTime time) {
        this.time = time;
    }

    /** One turn of the loop. {@code readAll} delivers what has arrived; call it before anything is judged. */
    protected abstract void turn(long nowNanos, Runnable readAll);

    /** The simulation's time. */
    protected final SimTime time() {
        return time;
    }

    /** Whether the process still runs. */
    public final boolean isAlive() {
        return alive;
    }

    /** Whether the loop stands still. */
    public final boolean isStalled() {
        return stalled;
    }

    /** Whether the loop stands still, or is only about to run in this very moment: it cannot have judged yet. */
    public final boolean isBehind() {
        return stalled || turnPlanned;
    }

    /** How long the loop has stood still in all, until now. */
    public final long stalledNanos() {
        return stalledNanos + (stalled ? time.nanoTime() - stallStartNanos : 0);
    }

    /** Ends the process; its sockets are the caller's business. */
    public final void end() {
        alive = false;
        arrived.clear();
    }

    /** The loop does not run for so long. */
    public final void stall(long nanos) {
        if (!stalled) {
            stalled = true;
            stallStartNanos = time.nanoTime();
            time.after(nanos, this::resume);
        }
    }

    private void resume() {
        stalledNanos = stalledNanos();
        stalled = false;
        wake();
    }

    /** Runs a turn at {@code atNanos}, unless a later call asks for another moment: there is one timer. */
    protected final void setTimer(long atNanos) {
        long mine = ++timerCount;
        time.after(atNanos - time.nanoTime(), () -> {
            if (mine == timerCount) {
                wake();
            }
        });
    }

    /** An arrival for the loop. */
    final void arrive(Runnable event) {
        if (alive) {
            arrived.add(event);
            wake();
        }
    }

    /** Plans a turn as soon as the loop runs. */
    protected final void wake() {
        if (alive && !stalled && !turnPlanned) {
            turnPlanned = true;
            time.after(0, this::run);
        }
    }

    private void run() {
        turnPlanned = false;
        if (alive && !stalled) {
            turn(time.nanoTime(), this::readAll);
        }
    }

    private void readAll() {
        Runnable event = arrived.poll();
        while (event != null && alive) {
            event.run();
            event = arrived.poll();
        }
    }
}
