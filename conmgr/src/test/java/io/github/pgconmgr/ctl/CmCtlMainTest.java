package io.github.pgconmgr.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.daemon.ProcessUser;
import io.github.pgconmgr.testkit.Proves;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** cm_ctl's options and refusals, in this process. */
class CmCtlMainTest {

    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(ProcessUser user, Map<String, String> environment, String... arguments) {
        CtlConsole console = new CtlConsole(
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
        return new CmCtlMain(console, environment, user).run(arguments);
    }

    private int run(String... arguments) {
        return run(new ProcessUser(1000), Map.of(), arguments);
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String complained() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    @Proves("L9")
    void rootIsRefusedBeforeAnythingElse() {
        assertEquals(
                1,
                run(
                        new ProcessUser(0),
                        Map.of(),
                        "start",
                        "-D",
                        directory.resolve("missing").toString()));
        assertTrue(complained().startsWith("cm_ctl: conmgr cannot be run as root\nHINT:  "), complained());
    }

    @Test
    @Proves("C1")
    void everyProblemOfTheConfigurationIsShownAndNothingIsStarted() throws Exception {
        Files.writeString(directory.resolve("conmgr.conf"), "port = 0\nfoo\nbackend_port3 = 1\n");
        assertEquals(1, run("start", "-D", directory.toString()));
        assertEquals(4, complained().lines().count());
        assertTrue(complained().contains("conmgr.conf:3: backend_port3: instance 3 has neither"), complained());
        try (var files = Files.list(directory)) {
            assertEquals(1, files.count());
        }
    }

    @Test
    @Proves({"C8", "L10"})
    void aDirectoryIsNeededFromTheOptionOrTheEnvironment() {
        assertEquals(1, run("start"));
        assertTrue(complained().startsWith("cm_ctl: no conmgr directory specified\nHINT:  Give -D"), complained());
        assertEquals(3, run(new ProcessUser(1000), Map.of("CMDATA", directory.toString()), "status"));
        assertEquals(3, run(new ProcessUser(1000), Map.of("CMDATA", "/missing"), "status", "-D", directory.toString()));
    }

    @Test
    @Proves("C10")
    void statusTellsNotRunningFromNoDirectory() {
        assertEquals(3, run("status", "-D", directory.toString()));
        assertTrue(said().startsWith("no conmgr is running in directory"), said());
        assertEquals(4, run("status", "-D", directory.resolve("missing").toString()));
        assertEquals(4, run("status"));
    }

    @Test
    @Proves("C10")
    void aSocketThatNobodyListensOnIsNotRunningAndOneThatDoesNotAnswerIs() throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve(".s.conmgr"));
        try (ServerSocketChannel deaf = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            deaf.bind(address);
            assertEquals(1, run("status", "-D", directory.toString(), "-t", "1"));
            assertTrue(complained().contains("conmgr is running, but did not answer within 1 s"), complained());
        }
        assertEquals(3, run("status", "-D", directory.toString()));
    }

    @Test
    @Proves("C9")
    void stopWithoutAConmgrFails() {
        assertEquals(1, run("stop", "-D", directory.toString()));
        assertTrue(complained().contains("no conmgr is running"), complained());
    }

    @Test
    @Proves({"C8", "C9", "C10"})
    void wrongOptionsAreRefusedWithExitCode1() {
        String dir = directory.toString();
        assertEquals(1, run());
        assertEquals(1, run("forget"));
        assertEquals(1, run("status", "-D", dir, "--format", "xml"));
        assertEquals(1, run("reload", "-D", dir, "-m", "fast"));
        assertEquals(1, run("start", "-D", dir, "-t", "0"));
        assertEquals(1, run("start", "-D", dir, "-t", "soon"));
        assertEquals(1, run("start", "-D", dir, "-m", "fast"));
        assertEquals(1, run("stop", "-D", dir, "-m", "gently"));
        assertEquals(1, run("status", "-D", dir, "-i", "nothing"));
        assertEquals(1, run("status", "-D"));
    }

    @Test
    void helpAndVersionAreOnStdout() {
        assertEquals(0, run("--version"));
        assertTrue(said().startsWith("cm_ctl 0."), said());
        for (String command :
                new String[] {"start", "stop", "restart", "reload", "status", "show", "check", "version"}) {
            assertEquals(0, run(command, "--help"));
            assertTrue(said().contains("Usage: cm_ctl " + command), said());
            assertTrue(said().contains("Examples:\n  cm_ctl " + command + " -D "), said());
            assertTrue(said().contains("Exit codes:\n"), said());
        }
        assertEquals(0, run("--help"));
        assertEquals("", complained());
    }

    @Test
    @Proves({"C8", "L10"})
    void aRestartWithAnErrorInTheFileStopsNothing() throws Exception {
        Files.writeString(directory.resolve("conmgr.conf"), "port = 0\n");
        try (ServerSocketChannel running = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            running.bind(UnixDomainSocketAddress.of(directory.resolve(".s.conmgr")));
            assertEquals(1, run("restart", "-D", directory.toString()));
            running.configureBlocking(false);
            assertEquals(null, running.accept(), "nobody was asked to stop");
        }
        assertTrue(complained().endsWith("cm_ctl: conmgr was not restarted\n"), complained());
    }

    @Test
    void reloadAndVersionTellWhenNobodyIsThere() {
        assertEquals(1, run("reload", "-D", directory.toString()));
        assertTrue(complained().contains("no conmgr is running"), complained());
        assertEquals(3, run("version", "-D", directory.toString()));
        assertEquals(0, run("version"));
        assertEquals(1, run("reload"));
    }

    @Test
    @Proves("C10")
    void aProgramThatAsksForJsonGetsNothingElseOnStdout() {
        assertEquals(3, run("status", "-D", directory.toString(), "--format", "json"));
        assertEquals("", said());
    }

    @Test
    @Proves({"C9", "L10"})
    void anImmediateStopNeverKillsAnotherProgramThatHasTheNumberNow() throws Exception {
        Process innocent = new ProcessBuilder("sleep", "60").start();
        try (ServerSocketChannel deaf = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            Files.writeString(directory.resolve("conmgr.pid"), innocent.pid() + "\n1\n" + directory + "\n27546\n");
            assertEquals(1, run("stop", "-D", directory.toString(), "-m", "immediate"));
            assertTrue(complained().contains("no conmgr is running"), complained());
            deaf.bind(UnixDomainSocketAddress.of(directory.resolve(".s.conmgr")));
            assertEquals(1, run("stop", "-D", directory.toString(), "-m", "immediate", "-t", "1"));
            assertTrue(complained().contains("did not stop within 1 s"), complained());
            assertTrue(innocent.isAlive());
        } finally {
            innocent.destroyForcibly();
        }
    }

    @Test
    void aDirectoryNameThatIsTooLongForASocketIsSaidSo() throws Exception {
        Path deep = Files.createDirectories(directory.resolve("d".repeat(100)));
        Files.writeString(deep.resolve("conmgr.conf"), "backend_hostaddr0 = 127.0.0.1\n");
        assertEquals(1, run("start", "-D", deep.toString()));
        assertTrue(complained().contains("change into the directory and use -D ."), complained());
    }

    @Test
    void withoutAConmgrForgettingSaysWhichFileToRemove() {
        assertEquals(1, run("forget-timeline", "-D", directory.toString(), "--yes"));
        assertEquals(
                "cm_ctl: no conmgr is running in directory \"" + directory + "\"\nHINT:  Without conmgr, remove \""
                        + directory.resolve("conmgr.timeline") + "\" to the same effect.\n",
                complained());
    }

    @Test
    void watchingTheTopologyEndsWhereNoConmgrRuns() {
        assertEquals(3, run("topology", "-D", directory.toString(), "--watch"));
        assertEquals("no conmgr is running in directory \"" + directory + "\"\n", said());
        assertEquals(3, run("topology", "-D", directory.toString(), "--watch=5"));
    }

    @Test
    void aPauseThatIsNoneIsRefused() {
        assertNotEquals(0, run("topology", "-D", directory.toString(), "--watch=0"));
        assertTrue(complained().contains("--watch takes 1 s or more"), complained());
        assertNotEquals(0, run("topology", "-D", directory.toString(), "--watch=soon"));
    }
}
