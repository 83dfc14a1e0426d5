package io.github.pgconmgr.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.pgconmgr.scripted.Await;
import io.github.pgconmgr.scripted.Samples;
import io.github.pgconmgr.scripted.ScriptedWatchdog;
import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.FreePort;
import io.github.pgconmgr.testkit.Proves;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an administrator meets on a bad night: each has a clear answer, and nothing of it is a stack trace. */
class BadSituationsTest {

    private static final Account STRANGER = new Account("daemon", "daemon");

    private OrdinaryUser user;
    private ScriptedWatchdog primary;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(Account.weAreRoot(), "not root: other users and small disks cannot be had");
        user = new OrdinaryUser();
        primary = new ScriptedWatchdog(Samples.welcome(1, Samples.PRIMARY));
    }

    @AfterEach
    void stop() throws IOException {
        if (user != null) {
            user.close();
            primary.close();
        }
    }

    private void configure() throws IOException {
        user.configure("port = " + FreePort.next() + "\nlisten_addresses = 127.0.0.1\nbackend_hostaddr0 = 127.0.0.1\n"
                + "watchdog_port0 = " + primary.port() + "\nheartbeat_interval = 1\n");
    }

    private Finished ctl(String command, String... more) {
        return ctlAs(Account.NOBODY, command, more);
    }

    private Finished ctlAs(Account account, String command, String... more) {
        String[] all = new String[more.length + 3];
        all[0] = command;
        all[1] = "-D";
        all[2] = user.directory().toString();
        System.arraycopy(more, 0, all, 3, more.length);
        return user.ctlAs(account, all);
    }

    private static void expect(int exitCode, Finished finished) {
        assertEquals(exitCode, finished.exit(), finished::toString);
        assertFalse(finished.err().contains("Exception"), finished::toString);
    }

    private static void expect(int exitCode, String complaint, Finished finished) {
        expect(exitCode, finished);
        assertTrue(finished.err().contains(complaint), finished::toString);
    }

    @Test
    @Proves({"C8", "L10"})
    void onAFullDiskItDoesNotStartAndCmCtlSaysWhy() throws IOException {
        user.mountSmallDisk();
        configure();
        user.fillDisk();
        expect(1, "the file system of directory \"" + user.directory() + "\" is full", ctl("start"));
        expect(3, ctl("status"));
        Files.delete(user.directory().resolve("ballast"));
        expect(0, ctl("start"));
    }

    @Test
    @Proves({"C9", "C10"})
    void aDiskThatFillsUpLaterCostsLogLinesAndNothingElse() throws IOException {
        user.mountSmallDisk();
        configure();
        expect(0, ctl("start"));
        user.fillDisk();
        long beats = primary.beats();
        expect(0, ctl("status"));
        expect(0, ctl("reload"));
        Await.until("heartbeats go on", () -> primary.beats() > beats + 1);
        expect(0, ctl("stop"));
        assertFalse(Files.exists(user.directory().resolve("conmgr.pid")));
    }

    @Test
    @Proves("L10")
    void aDirectoryOfSomebodyElseIsRefused() throws IOException {
        configure();
        OrdinaryUser.asRoot("chown", "daemon:daemon", user.directory().toString());
        Files.setPosixFilePermissions(user.directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
        expect(1, "cannot be used: permission denied", ctl("start"));
        Files.setPosixFilePermissions(user.directory(), PosixFilePermissions.fromString("rwxrwxrwx"));
        expect(1, "cannot be used: everybody may write to it", ctl("start"));
        Files.setPosixFilePermissions(user.directory(), PosixFilePermissions.fromString("rwx------"));
        expect(1, "cannot be used", ctl("start"));
        expect(4, ctl("status"));
    }

    @Test
    @Proves({"C9", "C10"})
    void anotherUserIsRefusedByThePermissionsAndByTheKernelsWord() throws IOException {
        configure();
        expect(0, ctl("start"));
        Path socket = user.directory().resolve(".s.conmgr");
        Files.setPosixFilePermissions(user.directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
        expect(1, "Permission denied", ctlAs(STRANGER, "stop"));
        expect(1, "Permission denied", ctlAs(STRANGER, "status"));

        // Somebody has opened the socket to all: the kernel still tells who is there.
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
        String refusal = "only the user who started conmgr, and root, may speak to it";
        expect(1, refusal, ctlAs(STRANGER, "stop", "-m", "fast"));
        expect(1, refusal, ctlAs(STRANGER, "stop", "-m", "immediate"));
        expect(1, refusal, ctlAs(STRANGER, "reload"));
        expect(1, refusal, ctlAs(STRANGER, "status"));
        user.awaitLog("refused a control connection of user daemon");
        expect(0, ctl("status"));
        expect(0, ctlAs(Account.OURSELVES, "status"));
    }

    @Test
    @Proves({"C9", "C10", "L10"})
    void aPidFileWhoseNumberBelongsToAnotherProgramDeceivesNobody() throws Exception {
        configure();
        Process innocent = new ProcessBuilder("setpriv", "--reuid=nobody", "--clear-groups", "sleep", "60").start();
        try {
            Path pidFile = user.directory().resolve("conmgr.pid");
            Files.writeString(pidFile, innocent.pid() + "\n1\n" + user.directory() + "\n27546\n");
            Account.NOBODY.own(pidFile);
            expect(3, ctl("status"));
            expect(1, "no conmgr is running", ctl("stop", "-m", "immediate"));
            assertTrue(innocent.isAlive());
            expect(0, ctl("start"));
            assertTrue(user.daemon().pid() != innocent.pid());
            assertTrue(innocent.isAlive());
        } finally {
            innocent.destroyForcibly();
        }
    }
}
