package io.github.pgconmgr.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NetnsLabTest {

    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Duration SHORT = Duration.ofMillis(600);
    private static final String PORT = "7000";

    private NetnsLab lab;
    private LabHost app;
    private LabHost db;

    @BeforeEach
    void build() {
        lab = NetnsLab.of("app1", "db1");
        app = lab.host("app1");
        db = lab.host("db1");
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void aCutIsSilentAndHealedTrafficFlowsAgain() {
        Program server = echoServer();
        Program client = echoClient();
        lab.cut(db);
        client.writeLine("two");
        assertSilence(server, "heard two");
        assertTrue(client.isAlive());
        lab.heal(db);
        client.awaitLine("echo two", LIMIT);
    }

    @Test
    void aCutFromTheHostLosesOnlyItsAnswers() {
        Program server = echoServer();
        Program client = echoClient();
        lab.cutFrom(db);
        client.writeLine("two");
        server.awaitLine("heard two", LIMIT);
        assertSilence(client, "echo two");
        lab.heal(db);
        client.awaitLine("echo two", LIMIT);
    }

    @Test
    void aCutToTheHostLosesOnlyWhatIsSentToIt() {
        Program server = EchoMain.startServer(app, PORT);
        Program client = EchoMain.startClient(db, app, PORT);
        lab.cutTo(db);
        client.writeLine("two");
        server.awaitLine("heard two", LIMIT);
        assertSilence(client, "echo two");
        lab.heal(db);
        client.awaitLine("echo two", LIMIT);
    }

    @Test
    void namesAndBothAddressFamiliesReachTheOtherHost() {
        echoServer();
        for (String target : List.of("db1", db.address(), db.address6())) {
            // The server takes one connection; the kernel's backlog takes the others.
            app.exec("bash", "-c", "exec 3<>/dev/tcp/" + target + "/" + PORT).expectSuccess();
        }
        lab.cut(db);
        Finished blocked = app.exec("timeout", "1", "bash", "-c", "exec 3<>/dev/tcp/db1/" + PORT);
        assertEquals(124, blocked.exit());
    }

    @Test
    void aFrozenHostIsSilentUntilItThaws() {
        Program server = echoServer();
        Program client = echoClient();
        db.freeze();
        client.writeLine("two");
        assertSilence(server, "heard two");
        db.thaw();
        client.awaitLine("echo two", LIMIT);
    }

    @Test
    void aLossOfPowerSendsNoFarewellAndTheHostComesBackAsAnotherBoot() {
        Program server = echoServer();
        Program client = echoClient();
        String machineBefore = read(db, "/etc/machine-id");
        String bootBefore = read(db, "/proc/sys/kernel/random/boot_id");
        lab.powerOff(db);
        server.awaitExit(LIMIT);
        client.writeLine("two");
        assertSilence(client, "broken");
        lab.boot(db);
        assertEquals(machineBefore, read(db, "/etc/machine-id"));
        assertNotEquals(bootBefore, read(db, "/proc/sys/kernel/random/boot_id"));
        // The new kernel knows no such connection: RST.
        client.awaitLine("broken", LIMIT);
    }

    @Test
    void nothingIsLeftAfterClose() throws IOException {
        Program server = echoServer();
        Path network = Files.readSymbolicLink(Path.of("/proc/" + db.initPid() + "/ns/net"));
        Path files = db.folder();
        assertTrue(processesIn(network) >= 2);
        String devices = devicesHere();
        lab.close();
        assertEquals(0, processesIn(network));
        assertFalse(server.isAlive());
        assertFalse(Files.exists(files));
        assertEquals(devices, devicesHere());
        lab = NetnsLab.of("app1", "db1");
    }

    @Test
    void aJvmOnAHostIsAskedByItsProcessIdHere() throws IOException {
        Finished asked = Jcmd.run(db, echoServer().pid(), "VM.command_line").expectSuccess();
        assertTrue(asked.out().contains(EchoMain.class.getName() + " server"), asked.out());
    }

    @Test
    void anUnknownHostIsAnError() {
        assertThrows(IllegalArgumentException.class, () -> lab.host("db9"));
    }

    private Program echoServer() {
        return EchoMain.startServer(db, PORT);
    }

    private Program echoClient() {
        Program client = EchoMain.startClient(app, db, PORT);
        client.writeLine("one");
        client.awaitLine("echo one", LIMIT);
        return client;
    }

    private static void assertSilence(Program program, String text) {
        assertThrows(AssertionError.class, () -> program.awaitLine(text, SHORT), "should not come: " + text);
    }

    private static String read(LabHost host, String file) {
        return host.exec("cat", file).out();
    }

    private static String devicesHere() {
        return Machine.LOCAL.run(Account.OURSELVES, List.of("ip", "-o", "link")).out();
    }

    private static long processesIn(Path network) throws IOException {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(process ->
                            Character.isDigit(process.getFileName().toString().charAt(0)))
                    .filter(process -> isIn(process, network))
                    .count();
        }
    }

    private static boolean isIn(Path process, Path network) {
        try {
            return Files.readSymbolicLink(process.resolve("ns/net")).equals(network);
        } catch (IOException e) {
            // It ended while we looked.
            return false;
        }
    }
}
