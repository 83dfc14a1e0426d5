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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A planned switchover with {@code route_wait}: a pause for who connects, not an error. And a standby that is behind. */
class SwitchoverTest {

    private static final String PRIMARY = Story.conmgrUrl("primary");

    private static Stage stage;

    @BeforeAll
    static void build() {
        stage = new Stage();
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    private static String[] configuration(String... more) {
        List<String> lines = new ArrayList<>(List.of(Stage.configuration(
                Stage.LONG_TIMEOUT_MILLIS, stage.one().address(), stage.two().address())));
        lines.addAll(List.of(more));
        return lines.toArray(String[]::new);
    }

    @Test
    @Proves({"T2", "T3"})
    void aStandbyBehindTheLimitGetsNoReadersAndASwitchoverIsAPause() {
        stage.ready(configuration("route_wait = 9s", "max_standby_lag = 1MB"));
        Client client = stage.client();
        lag(client);
        switchOver(client);
    }

    private static void lag(Client client) {
        String readers = Story.conmgrUrl("preferSecondary");
        Await.until(
                "the standby has caught up",
                Stage.LIMIT,
                () -> client.open("r", readers).text().equals(stage.two().address()));
        stage.two().sql("SELECT pg_wal_replay_pause()");
        stage.one().sql("CREATE TABLE ballast AS SELECT repeat('x', 1000) AS t FROM generate_series(1, 4000)");
        Await.until(
                "conmgr knows that it is behind",
                Stage.LIMIT,
                () -> client.open("r", readers).text().equals(stage.one().address()));
        String picture = stage.conmgr().ctl("topology").expectSuccess().out();
        assertTrue(
                picture.matches("(?s).*\\n  0 .* primary +ALIVE .*\\n  \\+- 1 .* standby +ALIVE +1 +[0-9.]+ MB .*"),
                picture);
        assertEquals(
                stage.two().address(),
                client.open("a", "jdbc:postgresql://" + stage.two().address() + ":27500/postgres")
                        .expectOk());
        stage.two().sql("SELECT pg_wal_replay_resume()");
        Await.until(
                "it has caught up again",
                Stage.LIMIT,
                () -> client.open("r", readers).text().equals(stage.two().address()));
    }

    private static void switchOver(Client client) {
        assertEquals(stage.one().address(), client.open("w", PRIMARY).expectOk());
        stage.one().stop(PgInstance.StopMode.FAST);
        Await.until(
                "conmgr knows", Stage.LIMIT, () -> stage.conmgr().statusOf(0).contains("DOWN"));
        List<Client.Running> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            waiting.add(client.start("open", "p" + i, PRIMARY));
        }
        Await.until(
                "all of them wait",
                Stage.LIMIT,
                () -> stage.conmgr()
                        .ctl("topology")
                        .expectSuccess()
                        .out()
                        .contains("applications that wait for an instance: 5"));
        assertTrue(waiting.stream().noneMatch(Client.Running::hasEnded));
        stage.two().promote();
        long promoted = Stage.now();
        for (Client.Running open : waiting) {
            Client.Outcome outcome = open.await();
            assertEquals(stage.two().address(), outcome.expectOk());
            long pause = Stage.millis(promoted, outcome.nanos());
            assertTrue(pause < 2 * Stage.MARGIN_MILLIS, "answered " + pause + " ms after the promotion");
        }
        long begun = Stage.now();
        Client.Outcome nobody = client.open("s", Story.conmgrUrl("secondary")).expectError("08001");
        assertTrue(nobody.text().contains("waited for 9000 ms"), nobody.text());
        assertTrue(Stage.millis(begun, nobody.nanos()) >= 9000);
        stage.expectAlarm("instance gets no connections: it is a primary on timeline 1, but timeline 2 has been seen");
        stage.expectAlarm("terminating connection due to administrator command");
        stage.expectAlarm("the database system is shutting down");
        stage.expectQuietLogs();
    }
}
