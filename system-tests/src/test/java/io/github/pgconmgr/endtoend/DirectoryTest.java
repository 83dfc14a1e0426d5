package io.github.pgconmgr.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.LabHost;
import io.github.pgconmgr.testkit.NetnsLab;
import io.github.pgconmgr.testkit.Proves;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** cm_ctl and the conmgr directory; there is no instance, and none is needed. */
class DirectoryTest {

    // Nobody has this address.
    private static final String NO_INSTANCE = "backend_host0 = 10.79.0.99";

    private NetnsLab lab;
    private LabHost host;
    private Conmgr conmgr;

    @BeforeEach
    void build() {
        lab = NetnsLab.of("app");
        host = lab.host("app");
        conmgr = new Conmgr(host, "cm");
        conmgr.configure(NO_INSTANCE);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private void startWithoutWaiting() {
        conmgr.ctl("start", "-W").expectSuccess();
    }

    private static void assertRefused(String why, Finished start) {
        assertEquals(1, start.exit(), start.toString());
        assertTrue(start.err().contains(why), start.err());
        assertFalse(start.err().contains("Exception"), start.err());
    }

    @Test
    @Proves("L9")
    void rootIsRefused() {
        assertRefused("conmgr cannot be run as root", conmgr.ctl(Account.OURSELVES, "start", "-W"));
        assertFalse(Files.exists(conmgr.folder().resolve("conmgr.pid")));
    }

    @Test
    @Proves({"L10", "C10"})
    void aSecondConmgrInTheDirectoryIsRefusedAndTheFirstRunsOn() {
        startWithoutWaiting();
        long pid = conmgr.pid();
        assertRefused("another conmgr is running in directory", conmgr.ctl("start", "-W"));
        Finished daemon = host.run(
                Account.NOBODY,
                List.of(Conmgr.program("conmgr"), "-D", conmgr.folder().toString()));
        assertRefused("another conmgr is running in directory", daemon);
        assertEquals(pid, conmgr.pid());
        assertTrue(conmgr.status().contains("(PID " + pid + ")"));
    }

    @Test
    @Proves({"L10", "C10"})
    void aDirectoryThatCannotBeUsedIsNamedWithTheReason() {
        Conmgr missing = new Conmgr(host, "nowhere");
        assertRefused("nowhere\" cannot be used: it does not exist", missing.ctl("start", "-W"));
        assertEquals(4, missing.ctl("status").exit());
        chmod("500");
        assertRefused("cannot be used: permission denied", conmgr.ctl("start", "-W"));
        chmod("777");
        assertRefused("cannot be used: everybody may write to it", conmgr.ctl("start", "-W"));
    }

    private void chmod(String mode) {
        host.exec("chmod", mode, conmgr.folder().toString()).expectSuccess();
    }

    @Test
    @Proves({"C1", "C3"})
    void aConfigurationThatCannotBeUsedIsNamedWithTheReason() throws IOException {
        conmgr.configure("port = 27546", "backend_port7 = 27500 # whose?", "colour = blue");
        Finished start = conmgr.ctl("start", "-W");
        assertRefused("conmgr was not started", start);
        assertTrue(start.err().contains("conmgr.conf:2"), start.err());
        assertTrue(start.err().contains("conmgr.conf:3") && start.err().contains("colour"), start.err());
        Path file = conmgr.folder().resolve("conmgr.conf");
        host.exec("sh", "-c", "chown root " + file + " && chmod 600 " + file).expectSuccess();
        assertRefused("conmgr.conf", conmgr.ctl("start", "-W"));
        Files.delete(file);
        assertRefused("conmgr.conf", conmgr.ctl("start", "-W"));
    }

    @Test
    @Proves({"C8", "C10"})
    void theDirectoryMayComeFromTheEnvironment() {
        String variable = "CMDATA=" + conmgr.folder();
        assertEquals(3, cmCtl(variable, "status"));
        assertEquals(0, cmCtl(variable, "start", "-W"));
        assertEquals(0, cmCtl(variable, "status"));
        assertEquals(0, cmCtl(variable, "stop"));
        assertEquals(4, cmCtl("CMDATA=", "status"));
        assertEquals(1, cmCtl("CMDATA=", "start"));
    }

    private int cmCtl(String variable, String... words) {
        List<String> argv = new ArrayList<>(List.of("env", variable, Conmgr.program("cm_ctl")));
        argv.addAll(List.of(words));
        return host.run(Account.NOBODY, Duration.ofSeconds(30), argv).exit();
    }

    @Test
    @Proves({"C2", "L10"})
    void aPortThatIsInUseEndsTheSecondConmgrWithAReason() {
        startWithoutWaiting();
        Conmgr second = new Conmgr(host, "cm2");
        second.configure(NO_INSTANCE);
        Finished start = second.ctl("start", "-W");
        assertRefused("27546", start);
        assertTrue(start.err().contains("Is another conmgr already running on that port?"), start.err());
        assertFalse(second.isRunning());
        assertEquals(3, second.ctl("status").exit());
        assertTrue(conmgr.isRunning());
    }

    @Test
    @Proves({"C9", "L10"})
    void whatACrashLeavesBehindDoesNotStopTheNextStart() throws IOException {
        startWithoutWaiting();
        conmgr.kill();
        assertTrue(Files.exists(conmgr.folder().resolve("conmgr.pid")));
        assertEquals(3, conmgr.ctl("status").exit());
        assertEquals(1, conmgr.ctl("stop").exit());
        // Another process may have got the number meanwhile.
        host.exec("sed", "-i", "1s/.*/1/", conmgr.folder().resolve("conmgr.pid").toString())
                .expectSuccess();
        startWithoutWaiting();
        long pid = conmgr.pid();
        conmgr.ctl("stop").expectSuccess();
        assertFalse(conmgr.isProcess(pid));
        startWithoutWaiting();
        assertTrue(conmgr.isRunning());
    }
}
