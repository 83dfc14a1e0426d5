package io.github.pgconmgr.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.config.Parameters;
import io.github.pgconmgr.daemon.ProcessUser;
import io.github.pgconmgr.testkit.Proves;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** cm_ctl show and cm_ctl check: what a file means, and what is wrong with it. */
@Proves("C1")
class ShowAndCheckTest {

    private static final String USABLE =
            "backend_host0 = db0\n\nheartbeat_interval = 120 # s\nheartbeat_timeout = '3 min'\n";

    @TempDir
    Path directory;

    private Path file;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void write() throws IOException {
        file = directory.resolve("conmgr.conf");
        Files.writeString(file, USABLE);
    }

    private int run(String... arguments) {
        out.reset();
        err.reset();
        CtlConsole console = new CtlConsole(
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
        return new CmCtlMain(console, Map.of(), new ProcessUser(1000)).run(arguments);
    }

    private List<String> said() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private String complained() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private String row(String name) {
        return said().stream()
                .filter(line -> line.startsWith("  " + name + " "))
                .findFirst()
                .orElseThrow()
                .strip()
                .replaceAll(" {2,}", "|");
    }

    @Test
    void showHasARowForEveryParameterWithValueDefaultLineAndWhatAChangeTakes() {
        assertEquals(0, run("show", "-D", directory.toString()));
        assertEquals(Parameters.ALL.size() + 1, said().size());
        assertEquals("name|value|default|line|change takes", row("name"));
        assertEquals("port|27546|27546|-|restart", row("port"));
        assertEquals("heartbeat_interval|2min|10s|3|reload", row("heartbeat_interval"));
        assertEquals("backend_host0|db0|-|1|restart", row("backend_host0"));
        assertEquals("", complained());
    }

    @Test
    void showOfOneNamePrintsItsValueAlone() {
        assertEquals(0, run("show", "heartbeat_timeout", "-D", directory.toString()));
        assertEquals(List.of("3min"), said());
        assertEquals(1, run("show", "backend_host", "-D", directory.toString()));
        assertTrue(complained().startsWith("cm_ctl: there is no parameter \"backend_host\"\nHINT:  "), complained());
    }

    @Test
    void showOfAFileThatCannotBeUsedTellsWhy() throws IOException {
        Files.writeString(file, USABLE + "port = 0\n");
        assertEquals(1, run("show", "-D", directory.toString()));
        assertEquals(file + ":5: port: 0 is outside the valid range 1 .. 65535\n", complained());
        assertEquals(List.of(), said());
    }

    @Test
    void checkOfAUsableFileSaysSo() {
        assertEquals(0, run("check", "-D", directory.toString()));
        assertEquals(List.of(file + ": usable, 1 instance"), said());
        assertEquals("", complained());
    }

    @Test
    void checkPrintsEveryProblemAsCompilersDo() throws IOException {
        Path other = directory.resolve("new.conf");
        Files.writeString(other, "prot = 5\nport = x\n");
        assertEquals(1, run("check", other.toString()));
        assertEquals(
                other + ":1: prot: unknown parameter (did you mean \"port\"?)\n" + other
                        + ":2: port: \"x\" is not a decimal number\n",
                complained());
        assertEquals(List.of(), said());
    }

    @Test
    void checkOfADoubtfulFileWarnsAndTakesIt() throws IOException {
        Files.writeString(file, "backend_host0 = db0\nheartbeat_timeout = 5\n");
        assertEquals(0, run("check", "-D", directory.toString()));
        assertTrue(complained().contains(":2: heartbeat_timeout: 5000 ms is not longer than"), complained());
        assertEquals(1, said().size());
    }

    @Test
    void checkFindsTheSecretBesideTheFile() throws IOException {
        Files.writeString(file, USABLE + "watchdog_secret_file = missing\n");
        assertEquals(1, run("check", "-D", directory.toString()));
        assertTrue(complained().contains(directory.resolve("missing") + "\" does not exist"), complained());
    }

    @Test
    void checkNeedsAFileOrADirectory() {
        assertEquals(1, run("check"));
        assertTrue(complained().startsWith("cm_ctl: no conmgr directory specified"), complained());
        assertEquals(1, run("check", "-D", directory.resolve("none").toString()));
        assertTrue(complained().endsWith("conmgr.conf: file does not exist\n"), complained());
    }
}
