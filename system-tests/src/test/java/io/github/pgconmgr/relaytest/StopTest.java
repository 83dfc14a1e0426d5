package io.github.pgconmgr.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Program;
import io.github.pgconmgr.testkit.Proves;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The three ways to stop conmgr (C9), with relayed clients. */
@Timeout(60)
class StopTest {

    private static LocalRelay relay;

    @BeforeAll
    static void build() {
        relay = new LocalRelay();
    }

    @AfterAll
    static void close() {
        relay.close();
    }

    @BeforeEach
    void start() {
        relay.start(LocalRelay.TRUST);
    }

    private static void awaitNoSession() {
        Await.until("no session is left at the instance", LocalRelay.LIMIT, () -> relay.sessions("shop") == 0);
    }

    @Test
    @Proves("C9")
    void smartWaitsForTheRelayedClientsLetsThemWorkAndTakesNoNewOnes() throws IOException {
        try (RawClient client = relay.rawClient();
                Program stop = relay.startCtl("stop", "-m", "smart")) {
            Await.until("nobody new is taken", LocalRelay.LIMIT, StopTest::isRefused);
            assertTrue(stop.isAlive());
            assertEquals("2", client.value("SELECT 1 + 1"));
            client.send('X', new byte[0]);
            client.expectEnd();
            assertEquals(0, stop.awaitExit(LocalRelay.LIMIT));
        }
        awaitNoSession();
    }

    private static boolean isRefused() {
        try (RawClient another = RawClient.connect(relay.port())) {
            return !another.channel().isConnected();
        } catch (IOException refused) {
            return true;
        }
    }

    @Test
    @Proves({"C9", "A2"})
    void fastTellsEachRelayedClientAndEndsWhatItDid() throws IOException {
        try (RawClient idle = relay.rawClient();
                RawClient busy = relay.rawClient();
                RawClient unproven = RawClient.connect(relay.port())) {
            busy.sendQuery("SELECT pg_sleep(3600)");
            relay.ctl("stop", "-m", "fast").expectSuccess();
            for (Endings.Ending ending : Endings.of(List.of(idle, busy))) {
                assertEquals("57P01", ending.sqlState());
                RawClient.Frame last = ending.frames().get(0);
                assertEquals("terminating connection because conmgr is stopping", last.field('M'));
                assertEquals(1, ending.frames().size());
            }
            unproven.expectEnd();
        }
        // A backend that sleeps does not look whether its client is there.
        relay.instance().sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
        awaitNoSession();
    }

    @Test
    @Proves({"C9", "A2"})
    void immediateJustEndsTheirConnections() throws IOException {
        try (RawClient client = relay.rawClient()) {
            relay.ctl("stop", "-m", "immediate").expectSuccess();
            client.expectEnd();
        }
        awaitNoSession();
        assertThrows(IOException.class, () -> RawClient.connect(relay.port()));
    }
}
