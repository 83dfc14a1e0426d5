package io.github.pgconmgr.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.scripted.Await;
import io.github.pgconmgr.scripted.RawDriver;
import io.github.pgconmgr.scripted.Rsyslogd;
import io.github.pgconmgr.scripted.Samples;
import io.github.pgconmgr.scripted.ScriptedWatchdog;
import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.FreePort;
import io.github.pgconmgr.testkit.Machine;
import io.github.pgconmgr.testkit.Program;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.wire.MalformedMessageException;
import io.github.pgconmgr.wire.redirect.RedirectAnswer;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real conmgr with few file descriptors, and with syslog for its log. */
class LowLimitsTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final int port = FreePort.next();
    private final List<RawDriver> drivers = new ArrayList<>();
    private OrdinaryUser user;
    private ScriptedWatchdog watchdog;

    @BeforeEach
    void prepare() throws IOException {
        user = new OrdinaryUser();
        watchdog = new ScriptedWatchdog(Samples.welcome(1, Samples.PRIMARY));
        configure("");
    }

    private void configure(String more) throws IOException {
        user.configure(
                "port = " + port + "\nlisten_addresses = 127.0.0.1\nbackend_hostaddr0 = 127.0.0.1\nwatchdog_port0 = "
                        + watchdog.port() + "\nheartbeat_interval = 100ms\nheartbeat_timeout = 2\n" + more);
    }

    @AfterEach
    void end() throws IOException {
        for (RawDriver driver : drivers) {
            driver.close();
        }
        user.close();
        watchdog.close();
    }

    private void limit(Program conmgr, int openFiles) {
        Machine.LOCAL
                .run(
                        Account.NOBODY,
                        List.of("prlimit", "--pid", Long.toString(conmgr.pid()), "--nofile=" + openFiles + ":"))
                .expectSuccess();
    }

    private RawDriver driver() throws IOException {
        RawDriver driver = new RawDriver(port);
        drivers.add(driver);
        return driver;
    }

    private void assertServed(RawDriver driver) throws Exception {
        assertInstanceOf(RedirectAnswer.Instance.class, driver.ask(TargetAttribute.PRIMARY));
    }

    /** Heartbeats go on, cm_ctl is answered, the instance is alive. */
    private void assertEverythingElseLives() {
        long beats = watchdog.beats();
        Await.until("more heartbeats", () -> watchdog.beats() > beats + 3);
        Finished status = user.ctl("status", "-D", user.directory().toString());
        assertEquals(0, status.exit(), status.err());
        assertTrue(status.out().contains("ALIVE"), status.out());
    }

    @Test
    @Proves({"C6", "C7"})
    void whereDescriptorsEndOneConnectionIsRefusedEverythingElseLivesAndItRecovers() throws Exception {
        // 80 of its own, 2 for the instance, 1 to listen: room for 5.
        try (Program conmgr = user.limitedConmgr("conmgr.log", 88)) {
            conmgr.awaitLine("the limit of 88 open files leaves room for 5 applications", LIMIT);
            // The first of the five; a primary that is seen for the first time is recorded before it gets connections.
            Await.until("the primary takes connections", this::isServed);
            for (int i = 1; i < 5; i++) {
                assertServed(driver());
            }
            for (int i = 0; i < 20; i++) {
                assertEquals(0, driver().rest().length);
            }
            conmgr.awaitLine("LOG:  client 127.0.0.1:", LIMIT);
            assertEquals(
                    1,
                    conmgr.output()
                            .linesWith("closed at once: the limit of 88 open files")
                            .size());
            assertEverythingElseLives();
            drivers.get(0).close();
            Await.until("room for one", this::isServed);
        }
    }

    /** Keeps the connection if it is served. */
    private boolean isServed() {
        try {
            RawDriver driver = new RawDriver(port);
            boolean served = isSentOn(driver);
            if (served) {
                drivers.add(driver);
            } else {
                driver.close();
            }
            return served;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isSentOn(RawDriver driver) {
        try {
            return driver.ask(TargetAttribute.PRIMARY) instanceof RedirectAnswer.Instance;
        } catch (IOException | MalformedMessageException e) {
            return false;
        }
    }

    @Test
    @Proves("C7")
    void evenWithoutASingleDescriptorItLivesAndRecoversWithoutSpinning() throws Exception {
        try (Program conmgr = user.conmgr("conmgr.log")) {
            Await.until("the primary takes connections", this::isServed);
            // Below what it has open: the next one fails whichever number were free.
            limit(conmgr, 3);
            RawDriver waiting = driver();
            conmgr.awaitLine("could not accept a connection: Too many open files", LIMIT);
            long before = cpuTicks(conmgr);
            long beats = watchdog.beats();
            Await.until("two seconds of heartbeats", () -> watchdog.beats() > beats + 20);
            assertTrue(cpuTicks(conmgr) - before < 100, "it spins: " + (cpuTicks(conmgr) - before) + " ticks in 2 s");
            assertEquals(
                    1,
                    conmgr.output().linesWith("could not accept a connection").size());
            limit(conmgr, 1000);
            assertServed(waiting);
            assertEverythingElseLives();
        }
    }

    /** User and system time, in hundredths of a second. */
    private static long cpuTicks(Program conmgr) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + conmgr.pid() + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    @Test
    @Proves("C7")
    void aLimitWithoutRoomForAnybodyIsRefusedAtTheStart() throws Exception {
        try (Program conmgr = user.limitedConmgr("conmgr.log", 83)) {
            assertEquals(1, conmgr.awaitExit(LIMIT));
            conmgr.awaitLine("FATAL:  conmgr: the limit of 83 open files is too low, conmgr needs 84", LIMIT);
        }
    }

    @Test
    @Proves("C5")
    void theLogGoesToARealSyslogAndWhatEndsConmgrToStderrToo() throws Exception {
        Path folder = user.newDirectory("syslog");
        try (Rsyslogd rsyslogd = new Rsyslogd(folder, true)) {
            configure("log_destination = syslog\nsyslog_facility = local3\nsyslog_ident = cm1\nsyslog_socket = "
                    + rsyslogd.socket() + "\n");
            try (Program conmgr = user.conmgr("conmgr.log")) {
                conmgr.awaitLine("LOG:  log: messages go to syslog from now on", LIMIT);
                String alive = rsyslogd.awaitLine("-> ALIVE: welcomed by the watchdog");
                assertTrue(alive.startsWith("local3.info|") && alive.contains("|cm1|" + conmgr.pid() + "|"), alive);
                assertEquals(0, conmgr.output().linesWith("ALIVE").size());
                conmgr.signal("INT");
                assertEquals(0, conmgr.awaitExit(LIMIT));
                rsyslogd.awaitLine("LOG:  conmgr: conmgr stopped");
            }
            try (Program second = user.limitedConmgr("second.log", 83)) {
                assertEquals(1, second.awaitExit(LIMIT));
                rsyslogd.awaitLine("FATAL:  conmgr: the limit of 83 open files is too low, conmgr needs 84");
                assertEquals(
                        1,
                        second.output()
                                .linesWith("FATAL:  conmgr: the limit of 83")
                                .size());
            }
        }
    }
}
