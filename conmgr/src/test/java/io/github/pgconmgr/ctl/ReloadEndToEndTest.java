package io.github.pgconmgr.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.scripted.Await;
import io.github.pgconmgr.scripted.Samples;
import io.github.pgconmgr.scripted.ScriptedWatchdog;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.FreePort;
import io.github.pgconmgr.testkit.Program;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.wire.heartbeat.Goodbye;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reload and restart of the real programs, towards a scripted watchdog. */
@Proves("C1")
class ReloadEndToEndTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final int port = FreePort.next();
    private OrdinaryUser user;
    private ScriptedWatchdog primary;

    @BeforeEach
    void start() throws IOException {
        user = new OrdinaryUser();
        primary = new ScriptedWatchdog(Samples.welcome(1, Samples.PRIMARY));
        configure("");
    }

    @AfterEach
    void stop() throws IOException {
        user.close();
        primary.close();
    }

    private void configure(String more) throws IOException {
        user.configure("port = " + port + "\nlisten_addresses = 127.0.0.1\nbackend_hostaddr0 = 127.0.0.1\n"
                + "watchdog_port0 = " + primary.port() + "\n" + more);
    }

    private Finished ctl(int exitCode, String... words) {
        String[] all = new String[words.length + 2];
        System.arraycopy(words, 0, all, 0, words.length);
        all[words.length] = "-D";
        all[words.length + 1] = user.directory().toString();
        Finished finished = user.ctl(all);
        assertEquals(exitCode, finished.exit(), finished::toString);
        return finished;
    }

    @Test
    @Proves("L4")
    void newHeartbeatSettingsGoOutOnTheLivingLink() throws IOException {
        ctl(0, "start");
        configure("heartbeat_interval = 100ms\nheartbeat_timeout = 5s\n");
        Finished reload = ctl(0, "reload");
        assertEquals("""
                heartbeat_interval: 10s -> 100ms
                heartbeat_timeout: 20s -> 5s
                conmgr has read its configuration file again
                """, reload.out());
        assertEquals("", reload.err());
        Await.until("SETTINGS", () -> primary.settings().equals(List.of(new HeartbeatSettings(100, 5000))));
        long beats = primary.beats();
        Await.until("BEATs at the new pace", () -> primary.beats() > beats + 10);
        assertEquals(1, primary.hellos(), "the connection is the first one");
        user.awaitLog("interval 100 ms and timeout 5000 ms hold on both sides");
        assertTrue(ctl(0, "status", "--format", "json").out().contains("\"liveness\":\"alive\""));
    }

    @Test
    void withAnErrorInTheFileNothingChangesAndBothCmCtlAndTheLogSayWhy() throws IOException {
        ctl(0, "start");
        configure("heartbeat_interval = 1\nport = 99999\ncolour = blue\n");
        Finished refused = ctl(1, "reload");
        assertTrue(refused.err().contains("conmgr.conf:7: "), refused.err());
        assertTrue(refused.err().contains("nothing was changed"), refused.err());
        user.awaitLog("nothing was changed");
        assertEquals(List.of(), primary.settings());
    }

    @Test
    void whatNeedsARestartIsNamedAndARestartTakesItOver() throws IOException {
        ctl(0, "start");
        int other = FreePort.next();
        user.configure("port = " + other + "\nlisten_addresses = 127.0.0.1\nbackend_hostaddr0 = 127.0.0.1\n"
                + "watchdog_port0 = " + primary.port() + "\n");
        Finished reload = ctl(0, "reload");
        assertTrue(
                reload.err().contains("WARNING: parameter \"port\" cannot be changed without restarting conmgr"),
                reload.err());
        assertTrue(ctl(0, "status", "--format", "json").out().contains("\"port\":" + port + ","));
        ctl(0, "restart");
        assertTrue(ctl(0, "status", "--format", "json").out().contains("\"port\":" + other + ","));
        assertTrue(primary.heardGoodbye(Goodbye.Reason.RESTART));
        assertFalse(primary.heardGoodbye(Goodbye.Reason.STOP));
    }

    @Test
    void sighupIsAReload() throws IOException {
        try (Program conmgr = user.conmgr("conmgr.log")) {
            conmgr.awaitLine("-> ALIVE", LIMIT);
            configure("heartbeat_interval = 2\n");
            conmgr.signal("HUP");
            conmgr.awaitLine("parameter changed: heartbeat_interval: 10s -> 2s", LIMIT);
            configure("heartbeat_interval = nine\n");
            conmgr.signal("HUP");
            conmgr.awaitLine("contains errors, nothing was changed", LIMIT);
            assertTrue(conmgr.isAlive());
        }
    }

    /** As under nohup: the JVM leaves the signal ignored. */
    @Test
    void aSignalThatWasIgnoredAtTheStartIsNamed() throws IOException {
        try (Program conmgr = user.conmgr("conmgr.log", "env", "--ignore-signal=HUP")) {
            conmgr.awaitLine("WARNING:  conmgr: SIGHUP is ignored", LIMIT);
            conmgr.awaitLine("-> ALIVE", LIMIT);
            conmgr.signal("HUP");
            ctl(0, "reload");
            assertTrue(conmgr.isAlive());
        }
    }

    @Test
    void underNohupCmCtlStartsAConmgrThatObeysSighup() throws IOException {
        Finished started = user.ctlBy(
                List.of("env", "--ignore-signal=HUP,INT"),
                "start",
                "-D",
                user.directory().toString());
        assertEquals(0, started.exit(), started::toString);
        assertFalse(user.log().contains("is ignored"), user.log());
        String status = Files.readString(Path.of("/proc/" + user.daemon().pid() + "/status"));
        assertEquals(0, SignalReset.ignored(status) & 0x4003, status);
    }

    @Test
    void restartStartsAConmgrWhereNoneRuns() {
        Finished restart = ctl(0, "restart");
        assertTrue(restart.err().contains("no conmgr is running there; starting one"), restart.err());
        assertTrue(ctl(0, "version").out().contains("\nconmgr 0.1.0\n"));
    }
}
