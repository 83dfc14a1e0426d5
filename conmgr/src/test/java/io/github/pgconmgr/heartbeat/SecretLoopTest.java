package io.github.pgconmgr.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.config.ConmgrConfig;
import io.github.pgconmgr.config.InstanceConfig;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.scripted.Await;
import io.github.pgconmgr.scripted.ConmgrSample;
import io.github.pgconmgr.scripted.RecordingLog;
import io.github.pgconmgr.scripted.Samples;
import io.github.pgconmgr.scripted.ScriptedWatchdog;
import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.topology.Liveness;
import io.github.pgconmgr.topology.Topology;
import io.github.pgconmgr.wire.heartbeat.Goodbye;
import io.github.pgconmgr.wire.heartbeat.SharedSecret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The shared secret on real sockets, the whole loop towards a scripted watchdog (ADR 5). */
class SecretLoopTest {

    private static final SharedSecret SECRET = secret("the right secret");

    private final RecordingLog log = new RecordingLog();
    private final ScriptedWatchdog watchdog;
    private @Nullable HeartbeatLoop loop;

    SecretLoopTest() throws IOException {
        watchdog = new ScriptedWatchdog(Samples.welcome(1, Samples.PRIMARY));
    }

    @AfterEach
    void stop() throws IOException {
        if (loop != null) {
            loop.stop(Goodbye.Reason.STOP);
        }
        watchdog.close();
    }

    private static SharedSecret secret(String text) {
        return new SharedSecret(text.getBytes(StandardCharsets.US_ASCII));
    }

    private Topology start(SharedSecret secret) {
        List<InstanceConfig> instances = List.of(new InstanceConfig(0, "", "127.0.0.1", 1, watchdog.port()));
        ConmgrConfig config =
                new ConmgrSample().instances(instances).secret(secret).build();
        Topology topology = new Topology(instances, log);
        loop = new HeartbeatLoop(config, topology, log, NanoClock.SYSTEM);
        loop.start();
        return topology;
    }

    private static Liveness liveness(Topology topology) {
        return topology.snapshot().instances().get(0).liveness();
    }

    @Test
    void theSameSecretOnBothSidesBringsTheInstanceUp() {
        watchdog.askForProof(SECRET);
        Topology topology = start(SECRET);
        Await.until("alive", () -> liveness(topology) == Liveness.ALIVE);
        assertTrue(watchdog.firstHello().wantsProof());
        Await.until("beats", () -> watchdog.beats() > 0);
    }

    @Test
    void aWatchdogThatAsksForNoProofIsNotBelieved() {
        Topology topology = start(SECRET);
        Await.until("two attempts", () -> watchdog.hellos() > 1);
        assertEquals(Liveness.DOWN, liveness(topology));
        assertTrue(log.count(Message.WATCHDOG_DISTRUSTED) > 0);
        assertEquals(0, watchdog.beats());
    }

    @Test
    void aWatchdogWithAnotherSecretBringsNothingUp() {
        watchdog.askForProof(secret("the wrong secret"));
        Topology topology = start(SECRET);
        Await.until("a proof", () -> watchdog.proofs() > 0);
        assertEquals(Liveness.UNKNOWN, liveness(topology));
    }
}
