package io.github.pgconmgr.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.time.NanoClock;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What cm_ctl reload changes for relayed clients that are there. */
@Timeout(60)
class ReloadedPoolTest {

    private static LocalRelay relay;

    @BeforeAll
    static void build() {
        relay = new LocalRelay().start("auth_type = trust", "client_idle_limit = 3600");
    }

    @AfterAll
    static void close() {
        relay.close();
    }

    @Test
    @Proves("P7")
    void anIdleClientIsEndedByTheClientIdleLimitThatAReloadBrought() throws IOException {
        try (RawClient idle = relay.rawClient();
                RawClient busy = relay.rawClient()) {
            busy.sendQuery("SELECT pg_sleep(4)");
            long begin = NanoClock.SYSTEM.nanoTime();
            relay.reload("auth_type = trust", "client_idle_limit = 1");
            RawClient.Frame last = idle.read();
            long millis = TimeUnit.NANOSECONDS.toMillis(NanoClock.SYSTEM.nanoTime() - begin);
            assertEquals("57P05", last.field('C'));
            idle.expectEnd();
            // Looked at once a second; reload and a busy machine besides.
            assertTrue(millis < 4000, "ended after " + millis + " ms");
            busy.readTo('Z');
        } finally {
            relay.reload("auth_type = trust", "client_idle_limit = 3600");
        }
    }

    @Test
    @Proves("P10")
    void whoLeavesIsResetByTheListThatAReloadBrought() throws IOException {
        relay.reload("auth_type = trust", "reset_query_list = 'ABORT; SET application_name = ''reset by reload'''");
        try (RawClient client = relay.rawClient()) {
            client.query("SET application_name = 'mine'");
            client.send('X', new byte[0]);
            client.expectEnd();
        }
        String names =
                "SELECT application_name FROM pg_stat_activity WHERE datname = 'shop' AND application_name <> ''";
        Await.until(
                "the new list has run",
                LocalRelay.LIMIT,
                () -> relay.instance().sql(names).equals("reset by reload"));
    }
}
