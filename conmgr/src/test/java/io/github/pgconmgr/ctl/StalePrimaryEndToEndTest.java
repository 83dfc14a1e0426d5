package io.github.pgconmgr.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.scripted.Await;
import io.github.pgconmgr.scripted.RawDriver;
import io.github.pgconmgr.scripted.Samples;
import io.github.pgconmgr.scripted.ScriptedWatchdog;
import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.FreePort;
import io.github.pgconmgr.wire.heartbeat.StateChange;
import io.github.pgconmgr.wire.redirect.RedirectAnswer;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The rule of doubt (ADR 8) in the real programs: instance 0 was the primary of timeline 1, instance 1 was promoted to timeline 2
 * and is gone, and conmgr has been started anew since.
 */
class StalePrimaryEndToEndTest {

    private final int port = FreePort.next();
    private OrdinaryUser user;
    private ScriptedWatchdog old;
    private ScriptedWatchdog promoted;
    private ServerSocket postmaster;
    private String directory;

    @BeforeEach
    void start() throws IOException {
        user = new OrdinaryUser();
        directory = user.directory().toString();
        old = new ScriptedWatchdog(Samples.welcome(1, Samples.stateOnTimeline(false, 1)));
        promoted = new ScriptedWatchdog(Samples.welcome(1, Samples.stateOnTimeline(true, 1)));
        postmaster = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    }

    private void configure() throws IOException {
        user.configure("port = " + port
                + "\nlisten_addresses = 127.0.0.1\nheartbeat_interval = 1\nlog_min_messages = INFO\n"
                + "backend_host0 = 'localhost'\nbackend_hostaddr0 = 127.0.0.1\nwatchdog_port0 = " + old.port()
                + "\nbackend_host1 = 'localhost'\nbackend_hostaddr1 = 127.0.0.1\nwatchdog_port1 = " + promoted.port()
                + "\nbackend_port1 = " + postmaster.getLocalPort() + "\n");
    }

    @AfterEach
    void stop() throws IOException {
        user.close();
        old.close();
        promoted.close();
        postmaster.close();
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

    private RedirectAnswer ask(TargetAttribute target) {
        try (RawDriver driver = new RawDriver(port)) {
            return driver.ask(target);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private boolean goesTo(int instance) {
        return ask(TargetAttribute.READ_WRITE) instanceof RedirectAnswer.Instance chosen
                && chosen.instanceNumber() == instance;
    }

    private void startAndPromote() throws IOException {
        configure();
        expect(0, ctl("start", "--complete"));
        assertTrue(goesTo(0));
        promoted.send(new StateChange(Samples.stateOnTimeline(false, 2)));
        Await.until("the new primary gets writers", () -> goesTo(1));
    }

    /** Gone without a word, and a new one that hears the old primary only. */
    private void killConmgrAndLoseTheNewPrimary() throws IOException {
        ProcessHandle daemon = user.daemon();
        daemon.destroyForcibly();
        Await.until("the process's end", () -> OrdinaryUser.hasEnded(daemon));
        promoted.close();
        postmaster.close();
        expect(0, ctl("start", "-W"));
        Await.until(
                "the old primary is heard",
                () -> ctl("status", "-i", "instance").out().contains("ALIVE"));
    }

    @Test
    void theNextConmgrSendsNobodyToTheOldPrimaryUntilItIsToldToForget() throws IOException {
        startAndPromote();
        killConmgrAndLoseTheNewPrimary();
        RedirectAnswer.Refusal refusal =
                assertInstanceOf(RedirectAnswer.Refusal.class, ask(TargetAttribute.READ_WRITE));
        assertTrue(refusal.message().contains("instance 0 is a primary on an older timeline"), refusal.message());
        String status = ctl("status", "-i", "instance").out();
        assertTrue(status.matches("(?s).*\\b0  localhost .*\\bstale\\b.*ALIVE.*older timeline.*"), status);

        String picture = ctl("topology").out();
        assertTrue(picture.startsWith("remembered: system identifier "), picture);
        assertTrue(picture.matches("(?s).*\\n  \\(0\\) +localhost:27500 +stale +ALIVE .*"), picture);

        Finished shown = ctl("forget-timeline");
        expect(1, shown);
        assertTrue(
                shown.out()
                        .matches("remembered: system identifier [0-9]+, timeline 2, primary localhost:"
                                + postmaster.getLocalPort() + "\n"),
                shown.out());
        assertTrue(shown.err().startsWith("cm_ctl: nothing was forgotten\nHINT: "), shown.err());
        assertFalse(goesTo(0));

        Finished forgotten = ctl("forget-timeline", "--yes");
        expect(0, forgotten);
        assertTrue(forgotten.out().contains("forgotten: ") && forgotten.out().contains("known now: "), forgotten.out());
        Await.until("the operator's word counts", () -> goesTo(0));
        assertTrue(Files.readString(user.directory().resolve("conmgr.timeline")).contains("\ntimeline=1\n"));
    }

    @Test
    void garbageInTheFileIsSaidAndConmgrDoesNotStart() throws IOException {
        configure();
        Path file = user.directory().resolve("conmgr.timeline");
        Files.writeString(file, "timeline=\0");
        Finished started = ctl("start");
        expect(1, started);
        assertTrue(started.err().contains("FATAL"), started.err());
        assertTrue(started.err().contains("timeline file \"" + file + "\" cannot be used"), started.err());
        assertTrue(started.err().contains("remove it and start conmgr again"), started.err());
        Files.delete(file);
        expect(0, ctl("start"));
    }

    @Test
    void aDirectoryThatBecameReadOnlyIsLoggedAndStopsNobody() throws IOException {
        configure();
        expect(0, ctl("start", "--complete"));
        chmod("r-xr-xr-x");
        promoted.send(new StateChange(Samples.stateOnTimeline(false, 2)));
        Await.until("the new primary gets writers all the same", () -> goesTo(1));
        user.awaitLog("ERROR:  conmgr: could not write \"" + user.directory().resolve("conmgr.timeline"));
        chmod("rwxr-xr-x");
        Await.until("it is written later", () -> read().contains("\ntimeline=2\n"));
    }

    private void chmod(String permissions) throws IOException {
        Files.setPosixFilePermissions(user.directory(), PosixFilePermissions.fromString(permissions));
    }

    private String read() {
        try {
            return Files.readString(user.directory().resolve("conmgr.timeline"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aFullDiskIsLoggedAndStopsNobody() throws IOException {
        if (!Account.weAreRoot()) {
            System.out.println("not root: a full disk is left to TimelineFileTest");
            return;
        }
        user.mountSmallDisk();
        configure();
        expect(0, ctl("start", "--complete"));
        user.fillDisk();
        promoted.send(new StateChange(Samples.stateOnTimeline(false, 2)));
        Await.until("the new primary gets writers all the same", () -> goesTo(1));
        assertTrue(read().contains("\ntimeline=1\n"), "the record of before is whole");
        Files.delete(user.directory().resolve("ballast"));
        Await.until("it is written later", () -> read().contains("\ntimeline=2\n"));
    }
}
