package io.github.pgconmgr.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Proves;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A conmgr with few descriptors and a flood of clients: 80 of its own, 3 for the instance, 1 to listen, and room for 20. */
@Timeout(60)
class DescriptorsTest {

    private static final int LIMIT = 104;

    private final List<RawClient> strangers = new ArrayList<>();
    private LocalRelay relay;

    @BeforeEach
    void build() {
        relay = new LocalRelay();
    }

    @AfterEach
    void close() throws IOException {
        leave(strangers);
        relay.close();
    }

    private void start(String... conf) {
        relay.startBy(
                List.of("prlimit", "--nofile=" + LIMIT + ":" + LIMIT),
                LocalRelay.conf(conf, "auth_type = trust", "auth_file = users"));
    }

    private static void leave(List<RawClient> clients) throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
    }

    private void flood(int number) throws IOException {
        for (int count = 0; count < number; count++) {
            strangers.add(RawClient.connect(relay.port()));
        }
    }

    @Test
    @Proves("C7")
    void aFloodDoesNotTakeTheDescriptorsOfTheServerConnectionsThatRelayedClientsNeed() throws IOException {
        start("pool_mode = transaction", "num_init_children = 8", "max_pool = 1");
        List<RawClient> clients = new ArrayList<>();
        for (int number = 0; number < 4; number++) {
            clients.add(relay.rawClient());
        }
        assertEquals(1, relay.sessions("shop"), "they share one server connection so far");
        flood(40);
        relay.awaitLog("closed at once: the limit of " + LIMIT + " open files leaves room for 20", 1);
        assertThrows(IOException.class, () -> relay.rawClient());
        for (RawClient client : clients) {
            assertEquals("T", client.query("BEGIN").get(1).text());
        }
        assertEquals(4, relay.sessions("shop"));
        for (RawClient client : clients) {
            assertEquals("I", client.query("COMMIT").get(1).text());
        }
        leave(strangers);
        Await.until("others are served again", LocalRelay.LIMIT, this::isServed);
        leave(clients);
    }

    private boolean isServed() {
        try (RawClient client = relay.rawClient()) {
            return client.value("SELECT 1").equals("1");
        } catch (IOException e) {
            return false;
        }
    }

    /** They all come before any of them has said what it wants. */
    @Test
    @Proves("C7")
    void whoFindsNoDescriptorLeftForItsServerConnectionIsToldSo() throws IOException {
        start();
        flood(19);
        for (RawClient stranger : strangers) {
            stranger.startup(RawClient.PROTOCOL_3_0, "user", "postgres", "database", "shop");
        }
        int served = 0;
        int told = 0;
        for (RawClient stranger : strangers) {
            RawClient.Frame first = stranger.read();
            if (first.type() == 'R') {
                served++;
            } else {
                assertEquals("53300", first.field('C'));
                assertEquals("sorry, no file descriptor is left for one more connection", first.field('M'));
                stranger.expectEnd();
                told++;
            }
        }
        assertTrue(served > 0 && told > 0 && served + told == 19, served + " served, " + told + " told");
        leave(strangers);
        Await.until("others are served again", LocalRelay.LIMIT, this::isServed);
    }

    @Test
    @Proves({"C7", "P3"})
    void aCachedConnectionMakesRoomForOneThatIsNeeded() throws IOException {
        start("num_init_children = 2", "max_pool = 20");
        List<String> databases = new ArrayList<>();
        for (int number = 0; number < 21; number++) {
            databases.add("d" + number);
            relay.instance().sql("CREATE DATABASE d" + number + " STRATEGY file_copy");
        }
        for (String database : databases) {
            // The descriptor of the one before may be its own for a moment longer than its end can be seen.
            Await.until("room for " + database, LocalRelay.LIMIT, () -> isServedIn(database));
        }
    }

    private boolean isServedIn(String database) {
        try (RawClient client = RawClient.loggedIn(relay.port(), "postgres", database)) {
            assertEquals(database, client.value("SELECT current_database()"));
            client.send('X', new byte[0]);
            client.expectEnd();
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
