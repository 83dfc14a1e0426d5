package io.github.pgconmgr.relay.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.pgconmgr.config.RoutingConfig;
import io.github.pgconmgr.relay.auth.AuthSettings;
import io.github.pgconmgr.relay.auth.Authenticator;
import io.github.pgconmgr.relay.auth.RandomBytes;
import io.github.pgconmgr.relay.protocol.StartupPacket;
import io.github.pgconmgr.scripted.RecordingLog;
import io.github.pgconmgr.scripted.Samples;
import io.github.pgconmgr.time.WallClock;
import io.github.pgconmgr.topology.SessionsLost;
import io.github.pgconmgr.topology.Topology;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** A relay's core between scripted clients and servers; instance 0 is a primary that is ALIVE. Confined to the test's thread. */
final class RelayLab {

    static final String[] APP = {"user", "app", "database", "shop"};

    /** Who may see the console. */
    static final String STATS_USER = "app";

    final ScriptedNetwork network = new ScriptedNetwork();
    final RecordingLog log = new RecordingLog();
    final Topology topology = new Topology(List.of(Samples.instance(0)), log);
    final RelayCore core;
    private int lastPort = 40_000;
    private int lastPid = 100;

    /** Clients are trusted, so that their server connections may be cached. */
    RelayLab(PoolSample pool) {
        this(pool, Authentications.trust(), RoutingConfig.DEFAULT);
    }

    RelayLab(PoolSample pool, AuthSettings auth, RoutingConfig routing) {
        Random random = new Random(1);
        RandomBytes bytes = random::nextBytes;
        core = new RelayCore(
                new Surroundings(
                        network,
                        log,
                        topology::snapshot,
                        new Authenticator(auth, bytes),
                        bytes,
                        false,
                        Doors.OPEN,
                        new Surroundings.About("test", WallClock.SYSTEM, List::of)),
                pool.relay(STATS_USER),
                routing,
                network.now());
        primaryIsAlive();
    }

    void primaryIsAlive() {
        topology.eventsOf(0).alive(network.now(), "10.0.0.1", Samples.welcome(100, Samples.PRIMARY));
    }

    /** A client that has connected and said nothing. */
    ScriptedConnection accept() {
        ScriptedConnection client = new ScriptedConnection("127.0.0.1", ++lastPort, network::now);
        client.tell(core.accept(client, TargetAttribute.READ_WRITE, network.now()));
        return client;
    }

    /** A client that has said who it is. */
    ScriptedConnection client(String... startup) {
        ScriptedConnection client = accept();
        client.receive(Wire.startup(startup));
        return client;
    }

    /** A client of the same user and database as all others made so. */
    ScriptedConnection client() {
        return client(APP);
    }

    /** The server connection that is being dialled stands; nothing was said. */
    ScriptedConnection serverSilent() {
        return network.connect(dialling ->
                new ScriptedConnection("10.0.0.1", dialling.address().getPort(), network::now));
    }

    /** The server connection that is being dialled stands, and the server lets it in. */
    ScriptedConnection server() {
        ScriptedConnection server = serverSilent();
        StartupPacket.decode(ByteBuffer.wrap(server.take()));
        server.receive(Wire.welcome(++lastPid));
        return server;
    }

    /** A client with a server connection of its own; both have been read up to here. */
    Pair attached() {
        ScriptedConnection client = client();
        ScriptedConnection server = server();
        client.take();
        return new Pair(client, server);
    }

    /** A client and its server. */
    record Pair(ScriptedConnection client, ScriptedConnection server) {

        /** A query and its answer. */
        void query(String sql) {
            client.receive(Wire.query(sql));
            server.receive(Wire.done("SELECT 1", 'I'));
            client.take();
            server.take();
        }

        void leave() {
            client.receive(Wire.message('X', ""));
            client.settle();
        }
    }

    void seconds(int seconds) {
        for (int second = 0; second < seconds; second++) {
            network.advanceNanos(TimeUnit.SECONDS.toNanos(1));
            core.onTick(network.now());
        }
    }

    void millis(int millis) {
        network.advanceNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** The reset that is due after 5 ms was sent; the server has done it. */
    void lazyReset(ScriptedConnection server) {
        millis(5);
        assertEquals("Q(DISCARD ALL)", Wire.text(server.take()));
        server.receive(Wire.done("DISCARD ALL", 'I'));
    }

    void loseInstance(String reason) {
        core.onSessionsLost(new SessionsLost(0, 100, reason, topology.snapshot().generation() + 1), network.now());
    }
}
