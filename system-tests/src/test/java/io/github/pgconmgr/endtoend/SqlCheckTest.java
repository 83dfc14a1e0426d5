package io.github.pgconmgr.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Proves;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Instances without a watchdog, checked by SQL (ADR 10), by a role without any privilege: the drivers notice no difference.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SqlCheckTest {

    private static final String PRIMARY = Story.conmgrUrl("primary");
    private static final long CHECK_MILLIS = 100;

    private static Stage stage;
    private Client client;

    @BeforeAll
    static void build() {
        stage = new Stage("");
        stage.one().sql("CREATE ROLE checker LOGIN");
        stage.story().cluster().awaitStreaming(stage.one(), stage.two());
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @AfterEach
    void quiet() {
        stage.expectAlarm("terminating connection due to");
        stage.expectAlarm("the database system is");
        stage.expectAlarm("check by SQL failed");
        stage.expectQuietLogs();
    }

    private void ready(long timeoutMillis) {
        List<String> lines = new ArrayList<>(List.of(Stage.configuration(
                timeoutMillis, stage.one().address(), stage.two().address())));
        for (int number = 0; number < 2; number++) {
            lines.add("backend_check" + number + " = sql");
            lines.add("check_conninfo" + number + " = 'user=checker dbname=postgres'");
            // Nobody listens there, and nobody asks.
            lines.add("watchdog_port" + number + " = 1");
        }
        lines.add("check_interval = " + CHECK_MILLIS);
        stage.ready(lines.toArray(String[]::new));
        client = stage.client();
    }

    @Test
    @Order(1)
    @Proves({"T2", "T7", "A7", "C10"})
    void aDriverIsSentWhereItWouldBeWithAWatchdog() {
        ready(Stage.LONG_TIMEOUT_MILLIS);
        assertEquals(stage.one().address(), client.open("w", PRIMARY).expectOk());
        assertEquals(
                stage.two().address(),
                client.open("r", Story.conmgrUrl("secondary")).expectOk());
        String status = stage.conmgr().statusOf(1);
        assertTrue(status.contains("standby") && status.contains("answered by SQL"), status);
        String json = stage.conmgr()
                .ctl("status", "-i", "instance", "--format", "json")
                .expectSuccess()
                .out();
        assertTrue(json.contains("\"replay_lag_s\":0.") && json.contains("\"check\":null"), json);
        assertEquals(
                "1",
                stage.two()
                        .sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'conmgr'"
                                + " AND usename = 'checker'"));
    }

    @Test
    @Order(2)
    void aPrimaryThatBecomesReadOnlyGetsNoWriters() {
        ready(Stage.LONG_TIMEOUT_MILLIS);
        stage.one().sql("ALTER SYSTEM SET default_transaction_read_only = on");
        stage.one().reload();
        Await.until("no writers", Stage.LIMIT, () -> !client.open("w", PRIMARY).ok());
        stage.one().sql("ALTER SYSTEM RESET default_transaction_read_only");
        stage.one().reload();
        Await.until("writers", Stage.LIMIT, () -> client.open("w", PRIMARY).ok());
    }

    @Test
    @Order(3)
    @Proves({"T4", "A2"})
    void anInstanceThatIsStoppedIsDownAtOnceAndItsSessionsAreCut() {
        ready(Stage.LONG_TIMEOUT_MILLIS);
        client.open("w", PRIMARY).expectOk();
        stage.watchLogs();
        stage.one().stop(PgInstance.StopMode.FAST);
        stage.conmgrLog().await("instance 0: SUSPECT -> DOWN: backend_port refuses connections");
        client.sql("w", "SELECT 1").expectCut();
        client.open("x", PRIMARY).expectError("08001");
    }

    @Test
    @Order(4)
    @Proves("A2")
    void aRestartCostsTheSessionsOfTheOldPostmasterAndNoMore() {
        ready(Stage.LONG_TIMEOUT_MILLIS);
        client.open("w", PRIMARY).expectOk();
        stage.watchLogs();
        stage.one().kill();
        stage.one().start();
        stage.conmgrLog().await("-> ALIVE: ");
        client.sql("w", "SELECT 1").expectCut();
        assertEquals(stage.one().address(), client.open("w", PRIMARY).expectOk());
    }

    @Test
    @Order(5)
    @Proves({"L1", "T4"})
    void aHostThatFallsSilentIsDownWithinTheTimeout() {
        ready(Stage.TIMEOUT_MILLIS);
        client.open("w", PRIMARY).expectOk();
        Client.Running statement = client.start("sql", "w", "SELECT pg_sleep(3600)");
        stage.watchLogs();
        long cut = Stage.now();
        stage.story().lab().cut(stage.story().db1());
        stage.conmgrLog().await("instance 0: ALIVE -> DOWN: no answer to SQL for 1.");
        long told = Stage.millis(cut, statement.await().nanos());
        assertTrue(told < Stage.TIMEOUT_MILLIS + Stage.MARGIN_MILLIS, told + " ms");
        assertTrue(stage.isAlive(1), "the other one is checked as ever");
    }

    @Test
    @Order(6)
    @Proves("T5")
    void aPromotionIsKnownWithinACheckIntervalAndTheOldPrimaryGetsNobodyAnyMore() {
        ready(Stage.LONG_TIMEOUT_MILLIS);
        stage.two().promote();
        long promoted = Stage.now();
        Client.Outcome first = Await.value("a connection to the new primary", Stage.LIMIT, () -> {
            Client.Outcome outcome = client.open("w", PRIMARY);
            return outcome.ok() && outcome.text().equals(stage.two().address()) ? outcome : null;
        });
        long known = Stage.millis(promoted, first.nanos());
        assertTrue(known < CHECK_MILLIS + Stage.MARGIN_MILLIS, known + " ms");
        stage.conmgrLog()
                .await("instance 0: instance gets no connections: it is a primary on timeline 1, but timeline 2");
        stage.expectAlarm("it is a primary on timeline 1, but timeline 2 has been seen");
        for (int i = 0; i < 4; i++) {
            assertEquals(
                    stage.two().address(),
                    client.open("any" + i, Story.conmgrUrl("any")).expectOk());
        }
    }
}
