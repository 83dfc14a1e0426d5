package io.github.pgconmgr.testkit;

/**
 * Closes something when the JVM ends before the test could (an interrupt, a time limit).
 *
 * <p>Shared: guarded by its own monitor, as the JVM's exit is a thread of its own.
 */
final class AtExit {

    private final Thread hook;
    private boolean done;

    AtExit(Runnable close) {
        this.hook = new Thread(close, "close-at-exit");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** True for the first caller, who then has to close. */
    synchronized boolean claim() {
        if (done) {
            return false;
        }
        done = true;
        if (Thread.currentThread() != hook) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException exiting) {
                // The JVM is ending; the hook will find nothing to do.
                return true;
            }
        }
        return true;
    }
}
