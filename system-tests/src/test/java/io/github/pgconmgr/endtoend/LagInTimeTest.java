package io.github.pgconmgr.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.testkit.Await;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code max_standby_lag} as a time (ADR 8), on a real primary and its standby: one is checked by SQL alone, the other by both. */
class LagInTimeTest {

    private static final String READER = Story.conmgrUrl("secondary");
    private static final long LIMIT_MILLIS = 2000;

    private static Stage stage;
    private static Client client;

    @BeforeAll
    static void build() {
        stage = new Stage();
        List<String> lines = new ArrayList<>(List.of(Stage.configuration(
                Stage.LONG_TIMEOUT_MILLIS, stage.one().address(), stage.two().address())));
        lines.addAll(List.of(
                "backend_check0 = both",
                "check_conninfo0 = 'user=postgres'",
                "backend_check1 = sql",
                "check_conninfo1 = 'user=postgres'",
                "check_interval = 100ms",
                "max_standby_lag = " + LIMIT_MILLIS + "ms"));
        stage.ready(lines.toArray(String[]::new));
        client = stage.client();
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    private static void write() {
        stage.one().sql("INSERT INTO written SELECT 'lag', coalesce(max(n), 0) + 1 FROM written");
    }

    private static boolean served() {
        Client.Outcome outcome = client.open("r", READER);
        if (outcome.ok()) {
            client.leave("r");
        }
        return outcome.ok();
    }

    @Test
    void aStandbyServesAsLongAsItIsCertainThatItIsNotFurtherBehind() {
        Await.until("it serves", Stage.LIMIT, LagInTimeTest::served);
        // On an idle primary nobody falls behind.
        long idle = Stage.now();
        Await.until("more than the limit has passed", Stage.LIMIT, () -> {
            assertTrue(served());
            return Stage.millis(idle, Stage.now()) > LIMIT_MILLIS + Stage.MARGIN_MILLIS;
        });
        stage.two().sql("SELECT pg_wal_replay_pause()");
        Await.until(
                "it is paused",
                Stage.LIMIT,
                () -> stage.two().sql("SELECT pg_get_wal_replay_pause_state()").equals("paused"));
        write();
        long written = Stage.now();
        Client.Outcome refused = Await.value("it serves no more", Stage.LIMIT, () -> {
            Client.Outcome outcome = client.open("r", READER);
            if (outcome.ok()) {
                client.leave("r");
                return null;
            }
            return outcome;
        });
        long millis = Stage.millis(written, refused.nanos());
        assertTrue(millis > LIMIT_MILLIS - 500 && millis < LIMIT_MILLIS + Stage.MARGIN_MILLIS, millis + " ms");
        assertTrue(refused.text().contains("more than max_standby_lag"), refused.text());
        assertEquals(
                stage.one().address(),
                client.open("p", Story.conmgrUrl("preferSecondary")).expectOk());
        client.leave("p");
        stage.two().sql("SELECT pg_wal_replay_resume()");
        Await.until("it serves again", Stage.LIMIT, LagInTimeTest::served);
        // Where no primary is heard nothing is certain.
        stage.story().lab().cut(stage.story().db1());
        Await.until("nothing is certain", Stage.LIMIT, () -> !served());
    }
}
