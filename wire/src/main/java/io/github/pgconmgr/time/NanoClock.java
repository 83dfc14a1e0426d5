package io.github.pgconmgr.time;

/**
 * Monotonic time. A shell (event loop, selector, command line) reads it once per turn and hands the value down; the cores
 * never read it themselves.
 *
 * <p>Shared: implementations may be read from any thread.
 */
@FunctionalInterface
public interface NanoClock {

    /** The system's monotonic clock. */
    NanoClock SYSTEM = System::nanoTime;

    /** Nanoseconds since an arbitrary moment. Only differences mean anything: compare with {@code a - b < 0}. */
    long nanoTime();
}
