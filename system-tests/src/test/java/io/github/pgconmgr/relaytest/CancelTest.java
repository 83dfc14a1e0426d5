package io.github.pgconmgr.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Await;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Protocol versions that a running conmgr agrees on, and the keys by which a query is cancelled, or is not. */
@Timeout(60)
class CancelTest {

    private static LocalRelay relay;

    @BeforeAll
    static void build() {
        relay = new LocalRelay().start(LocalRelay.TRUST);
    }

    @AfterAll
    static void close() {
        relay.close();
    }

    private static RawClient.Frame only(List<RawClient.Frame> frames, char type) {
        List<RawClient.Frame> found =
                frames.stream().filter(frame -> frame.type() == type).toList();
        assertEquals(1, found.size(), () -> "messages " + type);
        return found.get(0);
    }

    private static List<RawClient.Frame> greet(RawClient client, int protocol, String... more) throws IOException {
        String[] both = Arrays.copyOf(new String[] {"user", "postgres", "database", "shop"}, 4 + more.length);
        System.arraycopy(more, 0, both, 4, more.length);
        client.startup(protocol, both);
        return client.readTo('Z');
    }

    private static int secretBytes(List<RawClient.Frame> greeting) {
        return only(greeting, 'K').body().remaining() - Integer.BYTES;
    }

    @Test
    void protocol30HasKeysOfFourBytesAnd32Has32() throws IOException {
        try (RawClient old = RawClient.connect(relay.port());
                RawClient young = RawClient.connect(relay.port())) {
            assertEquals(4, secretBytes(greet(old, RawClient.PROTOCOL_3_0)));
            List<RawClient.Frame> greeting = greet(young, RawClient.PROTOCOL_3_2);
            assertEquals(32, secretBytes(greeting));
            assertTrue(greeting.stream().noneMatch(frame -> frame.type() == 'v'));
        }
    }

    @Test
    void whoWantsMoreIsOfferedWhatThereIs() throws IOException {
        try (RawClient client = RawClient.connect(relay.port())) {
            List<RawClient.Frame> greeting =
                    greet(client, RawClient.PROTOCOL_3_0 + 9999, "_pq_.test_protocol_negotiation", "on");
            RawClient.Frame offer = only(greeting, 'v');
            assertEquals(RawClient.PROTOCOL_3_2, offer.body().getInt(0));
            assertEquals(1, offer.body().getInt(4));
            assertTrue(offer.text().endsWith("_pq_.test_protocol_negotiation"), offer::text);
            assertEquals(32, secretBytes(greeting));
            assertEquals("1", client.value("SELECT 1"));
        }
    }

    private static boolean sleeps() {
        return relay.instance()
                .sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = 'shop'")
                .equals("1");
    }

    @Test
    void onlyTheWholeKeyCancels() throws IOException {
        for (int protocol : new int[] {RawClient.PROTOCOL_3_0, RawClient.PROTOCOL_3_2}) {
            try (RawClient client = RawClient.connect(relay.port());
                    RawClient bystander = relay.rawClient()) {
                RawClient.Frame key = only(greet(client, protocol), 'K');
                int pid = key.body().getInt(0);
                byte[] secret = Arrays.copyOfRange(key.bytes(), 4, key.body().remaining());
                client.sendQuery("SELECT pg_sleep(3600)");
                Await.until("it sleeps", LocalRelay.LIMIT, CancelTest::sleeps);
                guess(pid, secret);
                assertEquals("1", bystander.value("SELECT 1"));
                assertTrue(sleeps(), "a wrong key has cancelled");
                RawClient.cancel(relay.port(), pid, secret);
                assertEquals("57014", client.readTo('E').get(1).field('C'));
                client.readTo('Z');
            }
        }
        relay.awaitLog("a cancel request with a key that is nobody's was ignored", 1);
        // A guess costs a line at most once in a while: who guesses cannot fill the log.
        assertTrue(relay.log().linesWith("a key that is nobody's").size() < 10);
    }

    /** Another bit, only the beginning, more than all, another process. */
    private static void guess(int pid, byte[] secret) throws IOException {
        for (int bit = 0; bit < 8 * secret.length; bit += 5) {
            byte[] wrong = secret.clone();
            wrong[bit / 8] ^= (byte) (1 << (bit % 8));
            RawClient.cancel(relay.port(), pid, wrong);
        }
        RawClient.cancel(relay.port(), pid, Arrays.copyOf(secret, secret.length + 1));
        if (secret.length > 4) {
            RawClient.cancel(relay.port(), pid, Arrays.copyOf(secret, 4));
        }
        RawClient.cancel(relay.port(), pid + 1, secret);
    }

    /** Who asks takes the end of its connection for the end of the cancel, and its program goes on. */
    @Test
    void aStatementBehindACancelIsNotHitByIt() throws IOException {
        try (RawClient client = RawClient.connect(relay.port())) {
            RawClient.Frame key = only(greet(client, RawClient.PROTOCOL_3_0), 'K');
            byte[] secret = Arrays.copyOfRange(key.bytes(), 4, 8);
            for (int round = 0; round < 30; round++) {
                RawClient.cancel(relay.port(), key.body().getInt(0), secret);
                assertEquals("1", client.value("SELECT 1 FROM pg_sleep(0.02)"));
            }
        }
    }

    @Test
    void aKeyIsNobodysOnceItsClientHasLeft() throws IOException {
        byte[] secret;
        int pid;
        try (RawClient client = RawClient.connect(relay.port())) {
            RawClient.Frame key = only(greet(client, RawClient.PROTOCOL_3_2), 'K');
            pid = key.body().getInt(0);
            secret = Arrays.copyOfRange(key.bytes(), 4, 36);
            client.query("SELECT 1");
            client.send('X', new byte[0]);
            client.expectEnd();
        }
        try (RawClient next = relay.rawClient()) {
            next.sendQuery("SELECT pg_sleep(1)");
            Await.until("it sleeps", LocalRelay.LIMIT, CancelTest::sleeps);
            RawClient.cancel(relay.port(), pid, secret);
            String answer = next.readTo('Z').stream()
                    .map(frame -> String.valueOf(frame.type()))
                    .collect(Collectors.joining());
            assertEquals("TDCZ", answer);
        }
    }
}
