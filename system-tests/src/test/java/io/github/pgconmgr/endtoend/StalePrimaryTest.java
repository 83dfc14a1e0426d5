package io.github.pgconmgr.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
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
import org.junit.jupiter.api.Test;

/**
 * Two primaries, each written to (ADR 8): "two" was promoted while "one" was cut off. From the first stage 1 after conmgr has heard
 * of the new timeline nobody reaches the old primary, whatever becomes of conmgr.
 */
class StalePrimaryTest {

    private static final String PRIMARY = Story.conmgrUrl("primary");
    private static final String ANY = Story.conmgrUrl("any");

    private static Stage stage;

    @BeforeAll
    static void splitTheCluster() {
        stage = new Stage();
        stage.ready(Stage.TIMEOUT_MILLIS);
        Client client = stage.client();
        assertEquals(stage.one().address(), client.open("w", PRIMARY).expectOk());
        stage.story().lab().cut(stage.story().db1());
        Await.until(
                "conmgr knows", Stage.LIMIT, () -> stage.conmgr().statusOf(0).contains("DOWN"));
        stage.two().promote();
        Await.until(
                "the new primary", Stage.LIMIT, () -> client.open("w", PRIMARY).ok());
        client.sql("w", "INSERT INTO written VALUES ('new', 1)").expectOk();
        stage.one().sql("INSERT INTO written VALUES ('old', 1)");
        client.leave("w");
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @AfterEach
    void quiet() {
        stage.expectAlarm("instance gets no connections: it is a primary on timeline 1, but timeline 2 has been seen");
        stage.expectAlarm("terminating connection due to administrator command");
        stage.expectAlarm("could not receive data from client");
        stage.expectAlarm("the database system is shutting down");
        stage.expectQuietLogs();
    }

    private static long connectionsToOne() {
        return stage.one()
                .log()
                .linesWith("connection received: host=" + stage.story().app().address() + " ")
                .size();
    }

    @Test
    @Proves({"T2", "T5"})
    void nobodyReachesTheOldPrimaryAfterARestartOfConmgrWhetherTheNewOneIsThereOrNot() {
        stage.ready(Stage.TIMEOUT_MILLIS);
        stage.conmgr().kill();
        stage.story().lab().cut(stage.story().db2());
        long before = connectionsToOne();
        stage.conmgr().ctl("start", "-W").expectSuccess();
        List<String> reached = new ArrayList<>();
        Await.until("the old primary is heard", Stage.LIMIT, () -> {
            reached.add(stage.client().open("early", ANY).text());
            return stage.conmgr().statusOf(0).matches(".*\\bstale +ALIVE\\b.*");
        });
        for (int i = 0; i < 10; i++) {
            Client.Outcome refused = stage.client().open("x", PRIMARY).expectError("08001");
            assertTrue(refused.text().contains("instance 0 is a primary on an older timeline"), refused.text());
            stage.client().open("x", ANY).expectError("08001");
        }
        stage.story().lab().heal(stage.story().db2());
        Await.until("the new primary is heard", Stage.LIMIT, () -> {
            Client.Outcome outcome = stage.client().open("x", PRIMARY);
            reached.add(outcome.text());
            return outcome.ok();
        });
        for (int i = 0; i < 10; i++) {
            reached.add(stage.client().open("x", PRIMARY).expectOk());
            reached.add(stage.client().open("x", ANY).expectOk());
        }
        reached.forEach(text -> assertNotEquals(stage.one().address(), text));
        assertEquals(before, connectionsToOne(), "nobody has tried");
        assertEquals(
                "new",
                stage.client()
                        .sql("x", "SELECT writer FROM written WHERE n = 1")
                        .expectOk());
    }

    @Test
    @Proves("T2")
    void whileTheOldPrimaryComesBackNobodyReachesIt() {
        stage.ready(Stage.TIMEOUT_MILLIS);
        stage.story().lab().cut(stage.story().db1());
        Await.until(
                "conmgr knows", Stage.LIMIT, () -> stage.conmgr().statusOf(0).contains("DOWN"));
        long before = connectionsToOne();
        String two = stage.two().address();
        Client.Running writers = stage.client().start("hammer", PRIMARY, two, "9000");
        Client.Running anybody = stage.client().start("hammer", ANY, two, "9000");
        stage.story().lab().heal(stage.story().db1());
        Await.until(
                "the old primary is heard",
                Stage.LIMIT,
                () -> stage.conmgr().statusOf(0).matches(".*\\bstale +ALIVE\\b.*"));
        assertFalse(writers.hasEnded(), "it was heard too late for this test");
        for (Client.Running each : List.of(writers, anybody)) {
            String seen = each.await().expectOk();
            assertTrue(seen.matches("\\Q" + two + "\\E\\*[0-9]{2,}"), seen);
        }
        assertEquals(before, connectionsToOne(), "nobody has tried");
    }

    @Test
    @Proves({"T2", "T5"})
    void fromTheFirstStageOneAfterConmgrHasHeardOfTheNewTimelineNobodyReachesTheOldPrimary() {
        stage.ready(Stage.TIMEOUT_MILLIS);
        stage.story().lab().cut(stage.story().db2());
        Await.until(
                "conmgr knows", Stage.LIMIT, () -> stage.conmgr().statusOf(1).contains("DOWN"));
        // As a conmgr that was cut off from the promotion, and had never heard of the new timeline.
        stage.conmgr().ctl("forget-timeline", "--yes").expectSuccess();
        String one = stage.one().address();
        String two = stage.two().address();
        Await.until(
                "writers reach the old primary",
                Stage.LIMIT,
                () -> stage.client().open("w", PRIMARY).ok());
        Client.Running writers = stage.client().start("hammer", PRIMARY, two, "3000");
        Client.Running anybody = stage.client().start("hammer", ANY, two, "3000");
        stage.story().lab().heal(stage.story().db2());
        for (Client.Running each : List.of(writers, anybody)) {
            String seen = each.await().expectOk();
            // 08001 stands for the milliseconds in which the new primary is recorded.
            assertTrue(
                    seen.matches("\\Q" + one + "\\E\\*[0-9]+( 08001\\*[0-9]+)? \\Q" + two + "\\E\\*[0-9]{2,}"), seen);
        }
        stage.client().leave("w");
    }

    @Test
    void theOperatorsWayOutAndTheSessionsOfAPrimaryThatBecomesStale() {
        List<String> lines = new ArrayList<>(List.of(Stage.configuration(
                Stage.TIMEOUT_MILLIS, stage.one().address(), stage.two().address())));
        lines.add("fence_sessions = on");
        stage.ready(lines.toArray(String[]::new));
        stage.two().stop(PgInstance.StopMode.FAST);
        Await.until(
                "conmgr knows", Stage.LIMIT, () -> stage.conmgr().statusOf(1).contains("DOWN"));
        stage.client().open("mistake", PRIMARY).expectError("08001");
        assertTrue(stage.conmgr()
                .ctl("forget-timeline", "--yes")
                .expectSuccess()
                .out()
                .contains("known now: "));
        Client.Outcome mistake = Await.value("the old primary is let in", Stage.LIMIT, () -> {
            Client.Outcome outcome = stage.client().open("mistake", PRIMARY);
            return outcome.ok() ? outcome : null;
        });
        assertEquals(stage.one().address(), mistake.text());

        Client.Running sleeping = stage.client().start("sql", "mistake", "SELECT pg_sleep(600)");
        stage.two().start();
        sleeping.await().expectError("08006");
        stage.conmgrLog().await("fenced: it is a primary on timeline 1, but timeline 2 has been seen");
        // Nobody is sent there before its timeline is on the disk.
        Client.Outcome right = Await.value("the new primary is let in", Stage.LIMIT, () -> {
            Client.Outcome outcome = stage.client().open("right", PRIMARY);
            return outcome.ok() ? outcome : null;
        });
        assertEquals(stage.two().address(), right.text());
    }
}
