package io.github.pgconmgr.time;

import java.time.Instant;

/**
 * The time of day, for people to read in logs and status. It may step; nothing is ever judged by it.
 *
 * <p>Shared: implementations may be read from any thread.
 */
@FunctionalInterface
public interface WallClock {

    /** The system's clock. */
    WallClock SYSTEM = Instant::now;

    /** Now. */
    Instant now();
}
