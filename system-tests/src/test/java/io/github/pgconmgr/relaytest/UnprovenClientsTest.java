package io.github.pgconmgr.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.time.NanoClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Without auth_file each client logs in at the instance, and holds a worker from its first packet on. */
@Timeout(60)
class UnprovenClientsTest {

    private static final int WORKERS = 2;

    private static LocalRelay relay;

    @BeforeAll
    static void build() {
        relay = new LocalRelay().startEndToEnd("num_init_children = " + WORKERS);
    }

    @AfterAll
    static void close() {
        relay.close();
    }

    @Test
    @Proves("P4")
    void strangersWhoHoldAllWorkersMakeWayWithinThreeSeconds() throws IOException {
        List<RawClient> strangers = new ArrayList<>();
        for (int number = 0; number < WORKERS; number++) {
            RawClient stranger = RawClient.connect(relay.port());
            stranger.startup(RawClient.PROTOCOL_3_0, "user", "app", "database", "shop");
            assertEquals('R', stranger.read().type());
            strangers.add(stranger);
        }
        long begin = NanoClock.SYSTEM.nanoTime();
        assertEquals(
                "1", relay.psql("app", "-c", "SELECT 1").expectSuccess().out().strip());
        long millis = TimeUnit.NANOSECONDS.toMillis(NanoClock.SYSTEM.nanoTime() - begin);
        assertTrue(millis < 4000, "waited for " + millis + " ms");
        assertEquals("53300", strangers.get(0).read().field('C'));
        strangers.get(0).expectEnd();
        // Nobody else waits: the other one may go on.
        strangers.get(1).send('p', ByteBuffer.allocate(4).array());
        assertEquals('E', strangers.get(1).read().type());
        for (RawClient stranger : strangers) {
            stranger.close();
        }
    }

    /** PostgreSQL 15 speaks 3.0 and says so itself; the key is as long as there. */
    @Test
    void endToEndItIsTheInstanceThatSaysWhichProtocolItSpeaks() throws IOException {
        try (RawClient client = RawClient.connect(relay.port())) {
            client.startup(RawClient.PROTOCOL_3_2, "user", "postgres", "database", "shop");
            List<RawClient.Frame> greeting = client.readTo('Z');
            RawClient.Frame negotiation = greeting.stream()
                    .filter(frame -> frame.type() == 'v')
                    .findFirst()
                    .orElseThrow();
            assertEquals(0, negotiation.body().getInt(0) & 0xffff);
            RawClient.Frame key = greeting.stream()
                    .filter(frame -> frame.type() == 'K')
                    .findFirst()
                    .orElseThrow();
            assertEquals(8, key.body().remaining());
        }
    }
}
