package io.github.pgconmgr.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.FreePort;
import io.github.pgconmgr.testkit.Machine;
import io.github.pgconmgr.testkit.Proves;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many clients may wait, as the kernel has it from a running conmgr. */
@Timeout(60)
class ListenBacklogTest {

    private static final int WORKERS = 2;
    private static final int MULTIPLIER = 3;
    private static final int LINE = WORKERS * MULTIPLIER;
    private static final int PRIMARY_PORT = FreePort.next();

    private static LocalRelay relay;

    @BeforeAll
    static void build() {
        relay = new LocalRelay()
                .start(
                        "auth_type = trust",
                        "num_init_children = " + WORKERS,
                        "listen_backlog_multiplier = " + MULTIPLIER,
                        "relay_primary_port = " + PRIMARY_PORT);
    }

    @AfterAll
    static void close() {
        relay.close();
    }

    /** State, Recv-Q (who waits there now), Send-Q (the backlog) of the port's listening socket. */
    private static String[] socket(int port) {
        String out = Machine.LOCAL
                .run(Account.OURSELVES, List.of("ss", "-Hltn", "sport = :" + port))
                .expectSuccess()
                .out()
                .strip();
        assertEquals(1, out.lines().count(), out);
        return out.split(" +", -1);
    }

    private static String queued(int port) {
        return socket(port)[1];
    }

    @Test
    @Proves("P4")
    void theBacklogOfARelayPortIsTheMultiplierTimesTheWorkers() {
        assertEquals(Integer.toString(LINE), socket(PRIMARY_PORT)[2]);
    }

    /** A fleet of drivers that know conmgr connects at once after a failover; behind a short backlog it would lose a second. */
    @Test
    void theBacklogOfPortIsWhatTheKernelAllows() throws IOException {
        String most =
                Files.readAllLines(Path.of("/proc/sys/net/core/somaxconn")).get(0);
        assertEquals(most, socket(relay.port())[2]);
    }

    @Test
    @Proves("P4")
    void behindAFullLineAClientWaitsInTheKernelAndIsServedInItsTurn() throws IOException {
        List<RawClient> served = new ArrayList<>();
        Deque<RawClient> waiting = new ArrayDeque<>();
        try {
            for (int number = 0; number < WORKERS; number++) {
                served.add(RawClient.loggedIn(PRIMARY_PORT, "postgres", "shop"));
            }
            for (int number = 0; number < LINE; number++) {
                waiting.add(beginner(PRIMARY_PORT));
            }
            Await.until(
                    "the line is full",
                    LocalRelay.LIMIT,
                    () -> relay.ctl("status", "-i", "pool").out().contains(" " + LINE + " waiting"));
            try (RawClient refused = beginner(relay.port())) {
                assertEquals("53300", refused.read().field('C'));
            }
            waiting.add(beginner(PRIMARY_PORT));
            Await.until(
                    "it waits in the kernel",
                    LocalRelay.LIMIT,
                    () -> queued(PRIMARY_PORT).equals("1"));
            served.remove(0).close();
            Await.until(
                    "it waits in the line",
                    LocalRelay.LIMIT,
                    () -> queued(PRIMARY_PORT).equals("0"));
            while (!waiting.isEmpty()) {
                RawClient next = waiting.remove();
                next.readTo('Z');
                next.close();
            }
        } finally {
            for (RawClient client : served) {
                client.close();
            }
            for (RawClient client : waiting) {
                client.close();
            }
        }
    }

    /** One that has said who it is. */
    private static RawClient beginner(int port) throws IOException {
        RawClient client = RawClient.connect(port);
        client.startup(RawClient.PROTOCOL_3_0, "user", "postgres", "database", "shop");
        return client;
    }
}
