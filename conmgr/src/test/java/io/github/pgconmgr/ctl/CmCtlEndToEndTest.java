package io.github.pgconmgr.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.scripted.Await;
import io.github.pgconmgr.scripted.RawDriver;
import io.github.pgconmgr.scripted.Samples;
import io.github.pgconmgr.scripted.ScriptedWatchdog;
import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.FreePort;
import io.github.pgconmgr.testkit.Program;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.wire.heartbeat.Goodbye;
import io.github.pgconmgr.wire.redirect.RedirectAnswer;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real cm_ctl and conmgr, each in its own process, as an ordinary user, towards a scripted watchdog. */
class CmCtlEndToEndTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final int port = FreePort.next();
    private OrdinaryUser user;
    private ScriptedWatchdog primary;
    private String directory;

    @BeforeEach
    void start() throws IOException {
        user = new OrdinaryUser();
        directory = user.directory().toString();
        primary = new ScriptedWatchdog(Samples.welcome(1, Samples.PRIMARY));
        user.configure(configuration(primary.port()));
    }

    @AfterEach
    void stop() throws IOException {
        user.close();
        primary.close();
    }

    private String configuration(int watchdogPort) {
        return "port = " + port + "\nlisten_addresses = 127.0.0.1\nbackend_hostaddr0 = 127.0.0.1\nwatchdog_port0 = "
                + watchdogPort + "\nheartbeat_interval = 1\n";
    }

    private Finished ctl(String command, String... more) {
        String[] all = new String[more.length + 3];
        all[0] = command;
        all[1] = "-D";
        all[2] = directory;
        System.arraycopy(more, 0, all, 3, more.length);
        return user.ctl(all);
    }

    private static void expect(int exitCode, Finished finished) {
        assertEquals(exitCode, finished.exit(), finished::toString);
    }

    @Test
    @Proves({"C8", "C9", "C10", "L10"})
    void startWaitsForThePrimaryStatusShowsItAndStopEndsIt() throws IOException {
        Finished started = ctl("start");
        expect(0, started);
        assertTrue(started.out().contains("the heartbeat to the primary stands"), started.out());
        Finished status = ctl("status");
        expect(0, status);
        assertTrue(status.out().matches("(?s).*\\b0  127\\.0\\.0\\.1  27500  primary    ALIVE .*"), status.out());
        Finished second = ctl("start");
        expect(1, second);
        assertTrue(second.err().contains("another conmgr is running"), second.err());
        ProcessHandle daemon = user.daemon();
        expect(0, ctl("stop"));
        Await.until("the process's end", () -> OrdinaryUser.hasEnded(daemon));
        Await.until("GOODBYE stop", () -> primary.heardGoodbye(Goodbye.Reason.STOP));
        assertFalse(Files.exists(user.directory().resolve("conmgr.pid")));
        assertFalse(Files.exists(user.directory().resolve(".s.conmgr")));
        expect(3, ctl("status"));
        expect(0, ctl("start"));
    }

    @Test
    @Proves("C8")
    void whenTheLimitPassesCmCtlSaysSoAndConmgrStaysUp() throws IOException {
        primary.welcomeWith(Samples.welcome(1, Samples.STANDBY));
        Finished started = ctl("start", "-t", "2");
        expect(1, started);
        assertTrue(
                started.err().contains("the heartbeat to the primary did not stand within 2 s; conmgr stays up"),
                started.err());
        assertTrue(started.err().contains("standby"), started.err());
        expect(0, ctl("status"));
    }

    @Test
    @Proves("C8")
    void withoutWaitingAStandbyIsEnoughAndCompleteWaitsForEveryInstance() throws IOException {
        primary.welcomeWith(Samples.welcome(1, Samples.STANDBY));
        expect(0, ctl("start", "-W"));
        expect(0, ctl("stop"));
        expect(0, ctl("start", "--complete"));
        expect(0, ctl("stop"));
        user.configure(configuration(primary.port()) + "backend_hostaddr1 = 127.0.0.1\nwatchdog_port1 = "
                + FreePort.next() + "\n");
        expect(1, ctl("start", "--complete", "-t", "1"));
        expect(0, ctl("status"));
    }

    @Test
    @Proves("L9")
    void rootIsRefused() {
        if (!Account.weAreRoot()) {
            System.out.println("not root: the refusal of root is left to CmCtlMainTest and ProcessUserTest");
            return;
        }
        Finished refused = user.ctlAs(Account.OURSELVES, "start", "-D", directory);
        expect(1, refused);
        assertTrue(refused.err().contains("conmgr cannot be run as root"), refused.err());
    }

    @Test
    @Proves("C2")
    void aPortInUseIsAnErrorThatCmCtlShows() throws IOException {
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertEquals(port, taken.getLocalPort());
            Finished started = ctl("start");
            expect(1, started);
            assertTrue(started.err().contains("conmgr ended while it started (exit code 1)"), started.err());
            assertTrue(started.err().contains("FATAL:  conmgr: could not listen"), started.err());
        }
        assertFalse(Files.exists(user.directory().resolve("conmgr.pid")));
        expect(0, ctl("start"));
    }

    @Test
    @Proves({"C1", "L10"})
    void whatTheUserMayNotReadOrWriteIsSaidSo() throws IOException {
        Path conf = user.directory().resolve("conmgr.conf");
        Files.setPosixFilePermissions(conf, PosixFilePermissions.fromString("---------"));
        Finished unreadable = ctl("start");
        expect(1, unreadable);
        assertTrue(unreadable.err().contains("conmgr.conf: permission denied"), unreadable.err());
        Files.setPosixFilePermissions(conf, PosixFilePermissions.fromString("rw-r--r--"));
        for (String permissions : new String[] {"-wx------", "r-x------", "rw-------"}) {
            Files.setPosixFilePermissions(user.directory(), PosixFilePermissions.fromString(permissions));
            Finished refused = ctl("start");
            expect(1, refused);
            assertTrue(refused.err().contains("cannot be used: permission denied"), refused.err());
        }
        expect(4, ctl("status"));
        Files.setPosixFilePermissions(user.directory(), PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    @Proves("L10")
    void ofTwoStartsAtOnceExactlyOneWins() {
        try (Program first = user.conmgr("first.log");
                Program second = user.conmgr("second.log")) {
            Await.until("one of them ends", () -> !first.isAlive() || !second.isAlive());
            Program loser = first.isAlive() ? second : first;
            Program winner = first.isAlive() ? first : second;
            assertEquals(1, loser.awaitExit(LIMIT));
            loser.awaitLine("FATAL:  conmgr: another conmgr is running in directory", LIMIT);
            winner.awaitLine("LOG:  conmgr: conmgr 0.1.0 started", LIMIT);
            expect(0, ctl("stop"));
            assertEquals(0, winner.awaitExit(LIMIT));
        }
    }

    @Test
    @Proves({"C10", "L10"})
    void whatAKilledConmgrLeavesBehindDeceivesNobody() throws IOException {
        expect(0, ctl("start"));
        ProcessHandle daemon = user.daemon();
        daemon.destroyForcibly();
        Await.until("its end", () -> OrdinaryUser.hasEnded(daemon));
        assertTrue(Files.exists(user.directory().resolve("conmgr.pid")));
        expect(3, ctl("status"));
        expect(1, ctl("stop"));
        expect(0, ctl("start"));
        assertNotEquals(daemon.pid(), user.daemon().pid());
    }

    @Test
    @Proves("C9")
    void aSmartStopWaitsForTheApplicationAndTakesNoNewOnes() throws Exception {
        try (Program conmgr = user.conmgr("conmgr.log")) {
            conmgr.awaitLine("recorded: ", LIMIT);
            try (RawDriver application = new RawDriver(port)) {
                assertTrue(application.ask(TargetAttribute.PRIMARY) instanceof RedirectAnswer.Instance);
                Finished status = ctl("status", "-i", "application");
                assertTrue(
                        status.out().startsWith("applications: 1\n")
                                && status.out().contains("test"),
                        status.out());
                Finished waiting = ctl("stop", "-m", "smart", "-t", "1");
                expect(1, waiting);
                assertTrue(waiting.err().contains("-m fast does not"), waiting.err());
                assertTrue(refusesConnections(), "a new application came in");
                assertTrue(conmgr.isAlive());
            }
            assertEquals(0, conmgr.awaitExit(LIMIT));
        }
    }

    private boolean refusesConnections() {
        try (RawDriver late = new RawDriver(port)) {
            return late.rest().length < 0;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    @Proves("C9")
    void aFastStopTellsTheApplications() throws Exception {
        expect(0, ctl("start"));
        try (RawDriver application = new RawDriver(port)) {
            assertTrue(application.ask(TargetAttribute.PRIMARY) instanceof RedirectAnswer.Instance);
            expect(0, ctl("stop", "-m", "fast"));
            assertTrue(application.answer() instanceof RedirectAnswer.Down);
        }
        user.awaitLog("LOG:  conmgr: conmgr stopped");
    }

    @Test
    @Proves("C9")
    void anImmediateStopEndsTheProcessEvenIfItIsFrozen() throws Exception {
        expect(0, ctl("start"));
        expect(0, ctl("stop", "-m", "immediate"));
        assertFalse(primary.heardGoodbye(Goodbye.Reason.STOP));
        try (Program conmgr = user.conmgr("conmgr.log")) {
            conmgr.awaitLine("-> ALIVE", LIMIT);
            conmgr.signal("STOP");
            expect(1, ctl("status", "-t", "1"));
            expect(0, ctl("stop", "-m", "immediate", "-t", "10"));
            assertEquals(137, conmgr.awaitExit(LIMIT));
        }
    }

    @Test
    @Proves("C9")
    void signalsStopAsPostgresqlsDo() {
        try (Program smart = user.conmgr("smart.log")) {
            smart.awaitLine("-> ALIVE", LIMIT);
            smart.signal("HUP");
            smart.awaitLine("reloading the configuration file", LIMIT);
            smart.signal("TERM");
            assertEquals(0, smart.awaitExit(LIMIT));
            assertEquals(
                    1, smart.output().linesWith("received smart stop request").size());
        }
        try (Program fast = user.conmgr("fast.log")) {
            fast.awaitLine("-> ALIVE", LIMIT);
            fast.signal("INT");
            assertEquals(0, fast.awaitExit(LIMIT));
            assertEquals(
                    1, fast.output().linesWith("received fast stop request").size());
        }
    }
}
