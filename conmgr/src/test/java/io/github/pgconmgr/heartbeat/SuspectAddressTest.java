package io.github.pgconmgr.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.pgconmgr.config.ConmgrConfig;
import io.github.pgconmgr.config.InstanceConfig;
import io.github.pgconmgr.scripted.Await;
import io.github.pgconmgr.scripted.ConmgrSample;
import io.github.pgconmgr.scripted.RecordingLog;
import io.github.pgconmgr.scripted.Samples;
import io.github.pgconmgr.scripted.ScriptedWatchdog;
import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.topology.Liveness;
import io.github.pgconmgr.topology.Topology;
import io.github.pgconmgr.wire.heartbeat.Goodbye;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A heartbeat that ends is made anew at the address that it had, whatever the name server says meanwhile (ADR 1). */
class SuspectAddressTest {

    private final ScriptedWatchdog watchdog = new ScriptedWatchdog(Samples.welcome(1, Samples.PRIMARY));
    private final RecordingLog log = new RecordingLog();
    private @Nullable HeartbeatLoop loop;

    /** Shared: the resolver's thread asks; null: no such name. */
    private volatile @Nullable String answer = "127.0.0.1";

    SuspectAddressTest() throws IOException {}

    @AfterEach
    void stop() throws IOException {
        if (loop != null) {
            loop.stop(Goodbye.Reason.STOP);
        }
        watchdog.close();
    }

    @Test
    void aNameServerThatFailsCostsNoSession() throws IOException {
        comesBackWith(null);
    }

    @Test
    void aNameServerThatIsWrongCostsNoSession() throws IOException {
        // Nobody listens there.
        comesBackWith("127.0.0.2");
    }

    private void comesBackWith(@Nullable String next) throws IOException {
        Topology topology = start();
        Await.until("alive", () -> liveness(topology) == Liveness.ALIVE);
        answer = next;
        watchdog.hangUp();
        Await.until("a second HELLO", () -> watchdog.hellos() == 2);
        Await.until("alive again", () -> liveness(topology) == Liveness.ALIVE);
        assertEquals(2, watchdog.hellos());
    }

    private InetAddress[] lookUp(String host) throws UnknownHostException {
        String address = answer;
        if (address == null) {
            throw new UnknownHostException(host);
        }
        return new InetAddress[] {InetAddress.getByName(address)};
    }

    private Topology start() {
        // backend_port accepts, too: the instance stays SUSPECT.
        int port = watchdog.port();
        List<InstanceConfig> instances = List.of(new InstanceConfig(0, "db.test", "", port, port));
        ConmgrConfig config = new ConmgrSample().instances(instances).build();
        Topology topology = new Topology(instances, log);
        loop = new HeartbeatLoop(config, topology, log, NanoClock.SYSTEM, this::lookUp);
        loop.start();
        return topology;
    }

    private static Liveness liveness(Topology topology) {
        return topology.snapshot().instances().get(0).liveness();
    }
}
