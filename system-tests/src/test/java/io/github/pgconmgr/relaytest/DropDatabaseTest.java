package io.github.pgconmgr.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.time.NanoClock;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cached connection does not block DROP DATABASE for longer than server_idle_timeout and the second in which that is looked at. */
@Timeout(60)
class DropDatabaseTest {

    private static final long IDLE_SECONDS = 2;

    /** The instance looks again every 100 ms, for 5 s. */
    private static final long MARGIN_MILLIS = 1000;

    private static LocalRelay relay;

    @BeforeAll
    static void build() {
        relay = new LocalRelay().start("auth_type = trust", "server_idle_timeout = " + IDLE_SECONDS);
    }

    @AfterAll
    static void close() {
        relay.close();
    }

    private static void leaveACachedConnection(String database) throws IOException {
        relay.instance().sql("CREATE DATABASE " + database);
        try (RawClient client = RawClient.loggedIn(relay.port(), "postgres", database)) {
            client.query("SELECT 1");
            client.send('X', new byte[0]);
            client.expectEnd();
        }
        assertEquals(1, relay.sessions(database));
    }

    @Test
    @Proves({"P1", "P3"})
    void itIsDroppedByOneCommandOnceServerIdleTimeoutHasPassed() throws IOException {
        leaveACachedConnection("goes");
        long begin = NanoClock.SYSTEM.nanoTime();
        relay.instance().sql("DROP DATABASE goes");
        long millis = TimeUnit.NANOSECONDS.toMillis(NanoClock.SYSTEM.nanoTime() - begin);
        assertTrue(millis >= 500, "nobody was in the way: " + millis + " ms");
        assertTrue(
                millis <= TimeUnit.SECONDS.toMillis(IDLE_SECONDS + 1) + MARGIN_MILLIS, "blocked for " + millis + " ms");
    }

    @Test
    @Proves("P1")
    void withForceItIsDroppedAtOnceAndTheCacheKnows() throws IOException {
        leaveACachedConnection("forced");
        relay.instance().sql("DROP DATABASE forced WITH (FORCE)");
        Finished gone = relay.psql("postgres", "-d", "forced", "-c", "SELECT 1");
        assertTrue(gone.err().contains("database \"forced\" does not exist"), gone::toString);
        leaveACachedConnection("forced");
    }
}
