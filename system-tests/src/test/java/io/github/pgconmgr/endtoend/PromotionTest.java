package io.github.pgconmgr.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Proves;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One failover from beginning to end, as the routing sees it. The demo plays the one with a cut link. */
class PromotionTest {

    private static final long CHECK_MILLIS = 100;

    private static Stage stage;

    @BeforeAll
    static void build() {
        stage = new Stage();
        stage.ready(Stage.LONG_TIMEOUT_MILLIS);
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @Test
    @Proves({"T2", "T5", "A1"})
    void afterAPromotionTheNextConnectionGoesToTheNewPrimaryWithoutProbing() {
        Client client = stage.client();
        String primary = Story.conmgrUrl("primary");
        assertEquals(stage.one().address(), client.open("w", primary).expectOk());
        stage.one().stop(PgInstance.StopMode.FAST);
        Await.until(
                "conmgr knows", Stage.LIMIT, () -> stage.conmgr().statusOf(0).contains("DOWN"));
        client.sql("w", "SELECT 1").expectCut();
        Client.Outcome nobody = client.open("x", primary).expectError("08001");
        assertTrue(nobody.text().contains("instance 1 is a standby"), nobody.text());
        assertTrue(nobody.text().contains("instance 0 has been down"), nobody.text());
        long before = connections();

        stage.two().promote();
        long promoted = Stage.now();
        Client.Outcome first = Await.value("a connection to the new primary", Stage.LIMIT, () -> {
            Client.Outcome outcome = client.open("w2", primary);
            return outcome.ok() ? outcome : null;
        });
        assertEquals(stage.two().address(), first.text());
        assertTrue(Stage.millis(promoted, first.nanos()) < CHECK_MILLIS + Stage.MARGIN_MILLIS);
        assertEquals(before + 1, connections(), "nobody but the application has connected");

        Client.Outcome noStandby =
                client.open("r", Story.conmgrUrl("secondary")).expectError("08001");
        assertTrue(noStandby.text().contains("instance 1 is a primary"), noStandby.text());
        assertEquals(
                stage.two().address(),
                client.open("p", Story.conmgrUrl("preferSecondary")).expectOk());
        stage.expectAlarm("terminating connection due to administrator command");
        stage.expectAlarm("the database system is shutting down");
        theOldPrimaryComesBack(client);
        stage.expectQuietLogs();
    }

    private static long connections() {
        return stage.twoLog()
                .linesWith("connection received: host=" + stage.story().app().address() + " ")
                .size();
    }

    private static void theOldPrimaryComesBack(Client client) {
        stage.one().start();
        Await.until("it is heard", Stage.LIMIT, () -> stage.conmgr().statusOf(0).contains("ALIVE"));
        stage.expectAlarm("instance gets no connections: it is a primary on timeline 1, but timeline 2 has been seen");
        for (int i = 0; i < 4; i++) {
            assertEquals(
                    stage.two().address(),
                    client.open("any" + i, Story.conmgrUrl("any")).expectOk());
        }
        Client.Outcome noStandby =
                client.open("r", Story.conmgrUrl("secondary")).expectError("08001");
        assertTrue(noStandby.text().contains("timeline"), noStandby.text());
    }
}
