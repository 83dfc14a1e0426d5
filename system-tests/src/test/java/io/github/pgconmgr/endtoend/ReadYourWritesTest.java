package io.github.pgconmgr.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Proves;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * {@code conmgr.min_lsn} on real servers (ADR 11). Heartbeats come every 10 s here: what is faster than that was told because
 * conmgr had asked for it.
 */
class ReadYourWritesTest {

    /** The instances' watchdog.check_attr_interval. */
    private static final long CHECK_MILLIS = 100;

    private static final String WRITER = Story.conmgrUrl("primary");
    private static final String READER = Story.conmgrUrl("secondary");

    private static Stage stage;

    private Client client;

    @BeforeAll
    static void build() {
        stage = new Stage();
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @BeforeEach
    void ready() {
        String[] lines = Arrays.stream(Stage.configuration(
                        30_000, stage.one().address(), stage.two().address()))
                .map(line -> line.replaceFirst("^heartbeat_interval.*", "heartbeat_interval = 10s"))
                .toArray(String[]::new);
        stage.ready(lines);
        client = stage.client();
        client.open("w", WRITER).expectOk();
        stage.one().sql("TRUNCATE written");
    }

    @AfterEach
    void quiet() {
        stage.two().sql("SELECT pg_wal_replay_resume()");
        stage.expectQuietLogs();
    }

    private String write(int number) {
        client.sql("w", "INSERT INTO written VALUES ('w', " + number + ")").expectOk();
        return client.sql("w", "SELECT pg_current_wal_lsn()").expectOk();
    }

    private static String wish(String lsn) {
        return "conmgr.min_lsn=" + lsn;
    }

    private static void awaitWaiting(int applications) {
        Await.until(
                applications + " applications wait",
                Stage.LIMIT,
                () -> stage.conmgr()
                        .ctl("topology")
                        .expectSuccess()
                        .out()
                        .contains("applications that wait for an instance: " + applications));
    }

    @Test
    @Proves({"T2", "T5"})
    void noStandbyIsNamedUntilItHasReplayedTheWriteAndThenAtOnce() {
        stage.two().sql("SELECT pg_wal_replay_pause()");
        String lsn = write(1);
        Client.Running reader = client.start("open", "r", READER, wish(lsn), "connectTimeout=0");
        awaitWaiting(1);
        assertEquals(
                stage.one().address(),
                client.open("p", Story.conmgrUrl("preferSecondary"), wish(lsn)).expectOk(),
                "a preference is not waited for");
        assertEquals(
                stage.two().address(),
                client.open("old", READER, wish("0/1")).expectOk(),
                "an LSN of long ago is there");
        assertFalse(reader.hasEnded());

        long resumed = Stage.now();
        stage.two().sql("SELECT pg_wal_replay_resume()");
        Client.Outcome outcome = reader.await();
        assertEquals(stage.two().address(), outcome.expectOk());
        long millis = Stage.millis(resumed, outcome.nanos());
        assertTrue(millis < CHECK_MILLIS + Stage.MARGIN_MILLIS, "answered " + millis + " ms after the replay");
        assertEquals("1", client.sql("r", "SELECT n FROM written").expectOk());
    }

    @Test
    void eachReaderFindsItsOwnWriteOnTheStandby() {
        for (int number = 1; number <= 20; number++) {
            String lsn = write(number);
            long begun = Stage.now();
            Client.Outcome outcome = client.open("r", READER, wish(lsn), "connectTimeout=0");
            assertEquals(stage.two().address(), outcome.expectOk());
            assertTrue(Stage.millis(begun, outcome.nanos()) < CHECK_MILLIS + Stage.MARGIN_MILLIS);
            assertEquals(
                    Integer.toString(number),
                    client.sql("r", "SELECT max(n) FROM written").expectOk());
        }
    }

    @Test
    @Proves("T3")
    void whoWaitsInVainIsToldWhereTheStandbyIs() {
        stage.two().sql("SELECT pg_wal_replay_pause()");
        String lsn = write(1);
        long begun = Stage.now();
        Client.Outcome outcome = client.open("r", READER, wish(lsn), "connectTimeout=2");
        outcome.expectError("08001");
        assertTrue(outcome.text().contains("instance 1 is a standby that has replayed "), outcome.text());
        assertTrue(outcome.text().contains("not yet " + lsn), outcome.text());
        long millis = Stage.millis(begun, outcome.nanos());
        assertTrue(millis >= 1500 && millis < 2000 + Stage.MARGIN_MILLIS, "after " + millis + " ms");
    }
}
