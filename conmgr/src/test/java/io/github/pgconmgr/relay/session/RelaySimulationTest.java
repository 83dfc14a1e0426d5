package io.github.pgconmgr.relay.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.config.RoutingConfig;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.relay.auth.AuthSettings;
import io.github.pgconmgr.relay.auth.UserList;
import io.github.pgconmgr.relay.console.ConsoleGreeting;
import io.github.pgconmgr.relay.pool.Pooled;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.testkit.StateCoverage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole core between random clients and servers: random chunks, disconnects, refusals, losses, slow readers. After each step: no byte of
 * one client's reaches another, a server connection has one client at most, what is cached is clean, the limits hold. At the end, when
 * everybody reads and nothing fails any more, everybody is served.
 */
@Timeout(value = 4, unit = TimeUnit.HOURS)
class RelaySimulationTest {

    private static final int STEPS = 30_000;
    private static final int WORKERS = 4;
    private static final int MAX_POOL = 2;
    private static final int CLIENTS = 12;

    private static final int FINISH_ROUNDS = 10_000;

    /** make simulate: 1,000 of each kind. */
    private static final int SEEDS = Math.max(3, Integer.getInteger("simulation.seeds", 0) / 10);

    private final List<SimClient> clients = new ArrayList<>();
    private final List<SimServer> servers = new ArrayList<>();
    private final Map<ScriptedConnection, SimServer> byConnection = new HashMap<>();
    private int number;
    private int answers;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    @Proves({"P1", "P3", "P10"})
    void inSessionModeNobodySeesAnotherSession(long seed) {
        run(seed, new PoolSample(), true);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void inTransactionModeNobodySeesAnotherSession(long seed) {
        run(seed, new PoolSample().transaction(), false);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    @Proves({"P1"})
    void endToEndNobodySeesAnotherSession(long seed) {
        run(seed, new PoolSample(), Authentications.endToEnd(), true);
    }

    @Test
    void everyTransitionOccurs() throws UserList.InvalidUserListException {
        StateCoverage coverage = new StateCoverage(ClientState.TABLE, ServerState.TABLE);
        for (long seed = 101; seed <= 100 + SEEDS; seed++) {
            run(seed, new PoolSample(), true);
            run(seed, new PoolSample().transaction(), false);
            run(seed, new PoolSample(), Authentications.endToEnd(), true);
            logIn(seed);
        }
        coverage.write("3-relay");
        assertEquals(List.of(), coverage.unreached(), "transitions that never occurred");
    }

    /** Clients that know their password, or not, or leave while they are asked for it. */
    private void logIn(long seed) throws UserList.InvalidUserListException {
        RelayLab lab =
                new RelayLab(new PoolSample(), Authentications.md5("\"app\" \"secret\"\n"), RoutingConfig.DEFAULT);
        Random random = new Random(seed);
        for (int step = 0; step < 200; step++) {
            ScriptedConnection client =
                    lab.client("user", "app", "database", random.nextBoolean() ? ConsoleGreeting.DATABASE : "shop");
            byte[] asked = client.take();
            boolean knows = random.nextInt(3) != 0;
            if (random.nextInt(3) != 0 && asked.length == 13) {
                byte[] salt = Arrays.copyOfRange(asked, 9, 13);
                client.receive(Wire.message('p', Md5.answer("app", knows ? "secret" : "guessed", salt) + "\0"));
            }
            while (lab.network.diallingNow() > 0) {
                lab.network.refuse();
            }
            boolean isIn = new String(client.take(), StandardCharsets.ISO_8859_1).startsWith("R\0\0\0\u0008\0\0\0\0");
            assertTrue(knows || !isIn, "seed " + seed + ": a guess was enough");
            client.hangUp();
            lab.millis(random.nextInt(500));
        }
        assertEquals(List.of(), lab.log.texts(Message.RELAY_INTERNAL_ERROR), "seed " + seed);
    }

    private void run(long seed, PoolSample pool, boolean ownSession) {
        run(seed, pool, Authentications.trust(), ownSession);
    }

    private void run(long seed, PoolSample pool, AuthSettings auth, boolean ownSession) {
        clients.clear();
        servers.clear();
        byConnection.clear();
        RelayLab lab = new RelayLab(
                pool.workers(WORKERS).maxPool(MAX_POOL).maxWaiting(100).serverIdleSeconds(20),
                auth,
                RoutingConfig.DEFAULT);
        Random random = new Random(seed);
        try {
            for (int step = 0; step < STEPS; step++) {
                step(lab, random, ownSession);
                check(lab);
            }
            finish(lab, random);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
        assertEquals(List.of(), lab.log.texts(Message.RELAY_INTERNAL_ERROR), "seed " + seed);
        assertNotEquals(0, answers, "seed " + seed);
    }

    private void step(RelayLab lab, Random random, boolean ownSession) {
        int choice = random.nextInt(1000);
        if (choice < 400 && !clients.isEmpty()) {
            clients.get(random.nextInt(clients.size())).work(random);
        } else if (choice < 850 && !servers.isEmpty()) {
            servers.get(random.nextInt(servers.size())).work(random);
        } else if (choice < 900 && lab.network.diallingNow() > 0) {
            dial(lab, random);
        } else if (choice < 950 && clients.size() < CLIENTS) {
            clients.add(new SimClient(lab.accept(), ++number, ownSession));
        } else if (choice < 965) {
            lab.network.advanceNanos(random.nextInt(20_000_000));
            lab.core.onTick(lab.network.now());
        } else if (choice < 975 && !clients.isEmpty()) {
            clients.get(random.nextInt(clients.size())).connection().hangUp();
        } else if (choice < 985 && !clients.isEmpty()) {
            clients.get(random.nextInt(clients.size())).connection().congest(random.nextBoolean());
        } else if (choice < 995 && !servers.isEmpty()) {
            servers.get(random.nextInt(servers.size())).connection().congest(random.nextBoolean());
        } else if (choice == 999 && random.nextInt(5) == 0) {
            lab.loseInstance("simulated");
            lab.primaryIsAlive();
        } else if (choice == 998) {
            lab.seconds(1);
        } else if (choice == 995) {
            hangUpInReset(lab);
        } else if (choice == 997 && !servers.isEmpty()) {
            servers.get(random.nextInt(servers.size())).connection().hangUp();
        } else if (choice == 996) {
            look(lab, random);
        }
        clients.forEach(client -> answers += client.isClosed() ? client.answers() : 0);
        settle();
    }

    private static void hangUpInReset(RelayLab lab) {
        for (ServerSession server : lab.core.servers()) {
            if (server.state() == ServerState.RESETTING) {
                ((ScriptedConnection) server.connection()).hangUp();
                return;
            }
        }
    }

    private void finish(RelayLab lab, Random random) {
        clients.forEach(client -> client.connection().congest(false));
        servers.forEach(server -> server.connection().congest(false));
        for (int round = 0; round < FINISH_ROUNDS && !clients.isEmpty(); round++) {
            while (lab.network.diallingNow() > 0) {
                connect(lab);
            }
            List.copyOf(clients).forEach(client -> client.finish(random));
            List.copyOf(servers).forEach(server -> server.work(random));
            settle();
            lab.millis(1);
        }
        assertEquals(
                List.of(),
                clients.stream().map(client -> client.connection().isPaused()).toList(),
                "clients that are not served (paused or not)");
    }

    /** Somebody looks at the console, or leaves before he has said what he wants. */
    private static void look(RelayLab lab, Random random) {
        ScriptedConnection console = lab.accept();
        if (random.nextInt(3) != 0) {
            console.receive(Wire.startup("user", RelayLab.STATS_USER, "database", ConsoleGreeting.DATABASE));
            console.receive(Wire.query("SHOW POOLS"));
        }
        console.hangUp();
    }

    private void settle() {
        clients.forEach(client -> client.connection().settle());
        servers.forEach(server -> server.connection().settle());
        clients.removeIf(SimClient::isClosed);
        servers.removeIf(SimServer::isClosed);
    }

    private void dial(RelayLab lab, Random random) {
        if (random.nextInt(20) == 0) {
            lab.network.refuse();
        } else {
            connect(lab);
        }
    }

    private void connect(RelayLab lab) {
        ScriptedConnection connection = lab.serverSilent();
        SimServer server = new SimServer(connection, ++number);
        byConnection.put(connection, server);
        servers.add(server);
    }

    private void check(RelayLab lab) {
        assertTrue(
                servers.size() + lab.network.diallingNow() <= WORKERS * MAX_POOL + CLIENTS,
                "too many server connections");
        int busy = 0;
        for (ServerSession server : lab.core.servers()) {
            busy += server.state() == ServerState.CACHED ? 0 : 1;
        }
        assertEquals(WORKERS - lab.core.workers().idle(), busy, "busy workers");
        assertTrue(lab.core.servers().size() <= WORKERS * MAX_POOL, "server connections over the limit");
        for (Pooled pooled : lab.core.workers().cached()) {
            ServerSession server = (ServerSession) pooled;
            assertEquals(ServerState.CACHED, server.state());
            checkClean(server);
        }
    }

    /** What the pool takes for clean is so on the server's side, as soon as that has read everything. */
    private void checkClean(ServerSession cached) {
        SimServer server = byConnection.get((ScriptedConnection) cached.connection());
        if (server == null) {
            throw new AssertionError("a cached connection that never was");
        }
        boolean reset = !cached.reset().isDue() && !cached.reset().isAwaited();
        if (reset) {
            server.read();
            assertEquals('I', server.status(), "a cached connection in a transaction");
            assertEquals(SimServer.NONE, server.setting(), "a cached connection with somebody's setting");
        }
    }
}
