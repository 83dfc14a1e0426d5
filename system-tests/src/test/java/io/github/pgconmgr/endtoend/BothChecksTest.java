package io.github.pgconmgr.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.JavaCommand;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Program;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** backend_check = both, on real servers: true watchdogs, and one that says "primary" in front of a standby (ADR 10). */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BothChecksTest {

    private static final int LIAR_PORT = 30_000;
    private static final String PRIMARY = Story.conmgrUrl("primary");

    private static Story story;
    private static PgInstance one;
    private static PgInstance two;
    private static Program liar;
    private static Client client;
    private Conmgr conmgr;

    @BeforeAll
    static void build() {
        story = new Story();
        one = story.startPrimary();
        one.sql("CREATE ROLE checker LOGIN");
        two = story.startStandby(one);
        liar = startLiar(one.sql("SELECT system_identifier FROM pg_control_system()"));
        client = Client.on(story.app());
    }

    @AfterAll
    static void close() {
        client.close();
        liar.close();
        story.close();
    }

    @AfterEach
    void stop() {
        conmgr.ctl("stop").expectSuccess();
    }

    private static Program startLiar(String systemIdentifier) {
        Path root = BuildFolder.root();
        List<String> argv = JavaCommand.of(
                32,
                List.of(root.resolve("system-tests/target/test-classes"), root.resolve("wire/target/classes")),
                ScriptedInstances.class.getName(),
                "1",
                Integer.toString(LIAR_PORT),
                "30100",
                systemIdentifier);
        Program program = story.db2().start(Account.NOBODY, "liar", argv);
        program.awaitLine("READY", Stage.LIMIT);
        return program;
    }

    private void start(String name, int watchdogPort) {
        conmgr = new Conmgr(story.app(), name);
        conmgr.configure(
                "backend_host0 = " + two.address(),
                "backend_check0 = both",
                "check_conninfo0 = user=checker",
                "watchdog_port0 = " + watchdogPort,
                "check_interval = 100ms",
                "heartbeat_interval = 200ms",
                "heartbeat_timeout = 10s",
                "log_min_messages = INFO");
        conmgr.ctl("start", "-W").expectSuccess();
        Await.until(
                "the instance is alive", Stage.LIMIT, () -> conmgr.statusOf(0).contains("ALIVE"));
    }

    @Test
    @Order(1)
    void aWatchdogThatSaysPrimaryOfAStandbySendsNobodyThereToWrite() {
        start("liar", LIAR_PORT);
        LogWindow log = LogWindow.on(conmgr.log());
        Client.Outcome refused = client.open("w", PRIMARY).expectError("08001");
        assertTrue(refused.text().contains("instance 0 is a standby"), refused.text());
        assertEquals(
                two.address(), client.open("r", Story.conmgrUrl("secondary")).expectOk());
        String words = "its watchdog says primary, SQL says standby: no writers";
        Await.until("it is shown", Stage.LIMIT, () -> conmgr.statusOf(0).contains(words));
        assertTrue(conmgr.ctl("topology").expectSuccess().out().contains(words));
        assertTrue(
                conmgr.ctl("status", "--format", "json").expectSuccess().out().contains("\"check\":\"" + words + "\""));
        Await.until(
                "it is logged",
                Stage.LIMIT,
                () -> conmgr.log().linesWith("WARNING:  instance 0: " + words).size() > 0);
        client.open("w", PRIMARY).expectError("08001");
        assertEquals(1, conmgr.log().linesWith("WARNING:  instance 0: " + words).size());
        assertEquals(List.of(), log.linesWith("internal error"));
    }

    @Test
    @Order(2)
    void aPromotionIsConfirmedAtOnceAndALostCheckLeavesTheWordToTheWatchdog() {
        start("true", 27545);
        client.open("w", PRIMARY).expectError("08001");
        two.promote();
        long promoted = Stage.now();
        Client.Outcome first = Await.value("a connection to the new primary", Stage.LIMIT, () -> {
            Client.Outcome outcome = client.open("w", PRIMARY);
            return outcome.ok() ? outcome : null;
        });
        long known = Stage.millis(promoted, first.nanos());
        assertTrue(known < 100 + Stage.MARGIN_MILLIS, known + " ms");
        assertEquals(0, conmgr.log().linesWith("its watchdog says").size());
        two.sql("ALTER ROLE checker NOLOGIN; SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                + " WHERE usename = 'checker'");
        Await.until(
                "the failure is shown",
                Stage.LIMIT,
                () -> conmgr.statusOf(0).contains("role \"checker\" is not permitted to log in"));
        assertTrue(conmgr.statusOf(0).contains("ALIVE"), conmgr.statusOf(0));
        assertEquals(two.address(), client.open("w", PRIMARY).expectOk());
    }

    @Test
    @Order(3)
    void aSmartStopDoesNotWaitForTheConnectionOfTheChecks() {
        two.sql("ALTER ROLE checker LOGIN");
        client.start("abandon").await().expectOk();
        start("smart", 27545);
        String checks = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'checker'";
        Await.until("a check stands", Stage.LIMIT, () -> two.sql(checks).equals("1"));
        // Returns when the server has ended, which it does not while anybody is connected.
        two.stop(PgInstance.StopMode.SMART);
        two.start();
        Await.until("it is alive again", Stage.LIMIT, () -> conmgr.statusOf(0).contains("ALIVE"));
        Await.until("and checked", Stage.LIMIT, () -> two.sql(checks).equals("1"));
    }
}
