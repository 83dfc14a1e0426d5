package io.github.pgconmgr.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.time.NanoClock;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** DROP DATABASE behind a cached connection as docs/relay.md tells it, without any parameter of the pool. Takes a minute and a half. */
@Timeout(180)
@Tag("slow")
class DropDatabaseDefaultsTest {

    /** server_idle_timeout and the second in which that is looked at. */
    private static final long BLOCKED_SECONDS = 61;

    /** PostgreSQL waits so long for others to leave. */
    private static final long POSTGRES_WAITS_SECONDS = 5;

    /** A try takes so long at most; and the instance takes its time to end a session and to begin a psql. */
    private static final long MARGIN_SECONDS = POSTGRES_WAITS_SECONDS + 2;

    @Test
    @Proves("P1")
    void itFailsWithinFiveSecondsUntilServerIdleTimeoutHasPassed() throws IOException {
        try (LocalRelay relay = new LocalRelay().start("auth_type = trust")) {
            relay.instance().sql("CREATE DATABASE goes");
            try (RawClient client = RawClient.loggedIn(relay.port(), "postgres", "goes")) {
                client.query("SELECT 1");
                client.send('X', new byte[0]);
                client.expectEnd();
            }
            long left = NanoClock.SYSTEM.nanoTime();
            Finished blocked = drop(relay);
            assertTrue(blocked.err().contains("is being accessed by other users"), blocked::toString);
            long first = secondsSince(left);
            assertTrue(first >= POSTGRES_WAITS_SECONDS && first <= POSTGRES_WAITS_SECONDS + 2, "failed after " + first);
            Await.until(
                    "it is dropped",
                    Duration.ofSeconds(BLOCKED_SECONDS + MARGIN_SECONDS),
                    () -> drop(relay).exit() == 0);
            long seconds = secondsSince(left);
            assertTrue(seconds >= BLOCKED_SECONDS - 2, "the connection was not kept: " + seconds + " s");
            assertTrue(seconds <= BLOCKED_SECONDS + MARGIN_SECONDS, "blocked for " + seconds + " s");
            assertEquals("0", relay.instance().sql("SELECT count(*) FROM pg_database WHERE datname = 'goes'"));
        }
    }

    private static Finished drop(LocalRelay relay) {
        return relay.instance().psql("postgres", "DROP DATABASE goes");
    }

    private static long secondsSince(long nanos) {
        return TimeUnit.NANOSECONDS.toSeconds(NanoClock.SYSTEM.nanoTime() - nanos);
    }
}
