package io.github.pgconmgr.relay.prepared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.relay.prepared.RelayedClient.Server;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clients that share server connections see, answer by answer, what each would see on a server connection of its own, and no server
 * connection keeps more than it may. The seed is the test's argument.
 */
@Timeout(value = 4, unit = TimeUnit.HOURS)
class PreparedSimulationTest {

    private static final int CLIENTS = 4;
    private static final int SERVERS = 2;
    private static final int TRANSACTIONS = 300;
    private static final String[] NAMES = {"a", "b", "c", "a_much_longer_name_than_ours"};
    private static final String[] TEXTS = {"one", "two", "three", "four", "five", "six", "bad", "fail"};

    /** A client twice: through the relay, and with a server of its own. */
    private static final class Twin {
        private final RelayedClient relayed;
        private final ModelServer own = ModelServer.seenByAClient();
        private final List<String> expected = new ArrayList<>();

        Twin(RelayedClient relayed) {
            this.relayed = relayed;
        }

        void send(ByteBuffer message) {
            expected.addAll(List.of(own.handle(message.duplicate())));
            relayed.send(message);
        }
    }

    static long[] seeds() {
        return new Random(20261121).longs(200).toArray();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyClientSeesWhatItWouldSeeAlone(long seed) {
        Random random = new Random(seed);
        int perServer = 1 + random.nextInt(5);
        PreparedStatements all = new PreparedStatements(perServer);
        List<Server> servers = new ArrayList<>();
        for (int i = 0; i < SERVERS; i++) {
            servers.add(new Server(new ModelServer(), all.forServer()));
        }
        List<Twin> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new Twin(new RelayedClient(all, random)));
        }
        for (int i = 0; i < TRANSACTIONS; i++) {
            Twin client = clients.get(random.nextInt(CLIENTS));
            Server server = servers.get(random.nextInt(SERVERS));
            client.relayed.attach(server);
            int batches = 1 + random.nextInt(3);
            for (int batch = 0; batch < batches; batch++) {
                sendBatch(client, random);
            }
            client.relayed.settle();
            assertEquals(client.expected, client.relayed.seen(), "seed " + seed + ", transaction " + i);
            client.expected.clear();
            client.relayed.seen().clear();
            assertTrue(server.statements().size() <= perServer);
            assertEquals(server.model().statements(), server.statements().size(), "what is believed is there");
        }
        clients.forEach(client -> client.relayed.rewriter().end());
        servers.forEach(server -> server.statements().clear());
        assertEquals(0, all.size(), "nothing is kept that nobody has");
    }

    private static void sendBatch(Twin client, Random random) {
        if (random.nextInt(8) == 0) {
            String[] texts = {"one", "fail", "DISCARD ALL", "DEALLOCATE ALL"};
            client.send(Messages.query(texts[random.nextInt(texts.length)]));
            if (random.nextInt(2) == 0) {
                client.relayed.settle();
            }
            return;
        }
        int messages = 1 + random.nextInt(8);
        for (int i = 0; i < messages; i++) {
            client.send(message(random));
        }
        if (random.nextInt(10) == 0) {
            client.send(Messages.query(random.nextBoolean() ? "one" : "fail"));
        }
        client.send(Messages.sync());
    }

    private static ByteBuffer message(Random random) {
        String name = NAMES[random.nextInt(NAMES.length)];
        String text = TEXTS[random.nextInt(TEXTS.length)];
        String portal = random.nextBoolean() ? "" : "portal";
        return switch (random.nextInt(9)) {
            case 0, 1 -> Messages.parse(name, text + (random.nextInt(50) == 0 ? "x".repeat(40_000) : ""));
            case 2, 3 -> Messages.bind(portal, name, random.nextInt(50) == 0 ? "x".repeat(50_000) : "parameters");
            case 4 -> Messages.execute(portal);
            case 5 -> Messages.describe('S', name);
            case 6 -> Messages.describe('P', portal);
            case 7 -> Messages.close(random.nextInt(3) == 0 ? 'P' : 'S', name);
            default -> Messages.execute("");
        };
    }
}
