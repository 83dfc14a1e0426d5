package io.github.pgconmgr.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.story.ApplicationProcess;
import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.PgInstall;
import io.github.pgconmgr.testkit.Proves;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What does not belong on conmgr's port: it is turned away, and an application beside it works on all the time. */
class BadInputTest {

    private static final String GSSENC_CODE = "04d21630";
    private static final String MAGIC = "434d4752";
    private static final String NOTHING = "END";
    private static final int SLOW_MILLIS = 1000;

    private static Stage stage;
    private static ApplicationProcess writer;
    private long begin;

    @BeforeAll
    static void build() {
        stage = new Stage();
        stage.ready(Stage.LONG_TIMEOUT_MILLIS);
        writer = stage.story().startApplication("writer", "living", Story.conmgrUrl("primary"));
        writer.awaitAfter(Stage.now() - Stage.LIMIT.toNanos(), "ACK", Stage.LIMIT);
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @BeforeEach
    void mark() {
        stage.watchLogs();
        begin = Stage.now();
    }

    @AfterEach
    void theApplicationWorksOnAndTheLogsAreQuiet() {
        writer.awaitAfter(Stage.now(), "ACK", Duration.ofSeconds(5));
        assertEquals(List.of(), writer.eventsAfter(begin, "ERROR"));
        stage.expectQuietLogs();
        assertTrue(stage.isAlive(0) && stage.isAlive(1));
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String talk(String hex) {
        return stage.client().start("raw", "0", hex).await().expectOk();
    }

    @Test
    @Proves("T1")
    void whatIsNoMessageOfPostgresqlIsClosedWithoutAWord() {
        assertEquals(NOTHING, talk("ffffffffffffffffffffffff"), "garbage");
        assertEquals(NOTHING, talk(hex("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")), "HTTP");
        assertEquals(NOTHING, talk("16030100f0010000ec0303"), "TLS");
        assertEquals(NOTHING, talk("7fffffff" + GSSENC_CODE + MAGIC), "an oversized length");
        assertEquals(NOTHING, talk("00002711" + GSSENC_CODE + MAGIC), "a byte more than allowed");
        assertEquals(NOTHING, talk("00000004" + GSSENC_CODE), "a length that is too short");
        assertEquals(NOTHING, talk("00000010" + "04d2162e" + "0000000100000002"), "a cancel request");
        Await.until(
                "it is logged, the first time at least",
                Stage.LIMIT,
                () -> !stage.conmgr().log().linesWith("connection closed: ").isEmpty());
    }

    @Test
    @Proves("T1")
    void aRedirectRequestThatIsMalformedIsClosedWithoutAWord() {
        assertEquals(NOTHING, talk("00000012" + GSSENC_CODE + "58585858" + "00010000" + "0000"), "another magic");
        assertEquals(NOTHING, talk("00000012" + GSSENC_CODE + MAGIC + "00010000" + "6100"), "a key without a value");
        String twice = hex("target_session_attrs\0any\0target_session_attrs\0any\0\0");
        assertEquals(NOTHING, talk("00000043" + GSSENC_CODE + MAGIC + "00010000" + twice), "a key twice");
    }

    @Test
    @Proves("T1")
    void whoIsSlowTruncatedOrSilentIsClosedAfterFiveSeconds() {
        Client client = stage.client();
        long started = Stage.now();
        Client.Running truncated = client.start("raw", "0", "00000040" + GSSENC_CODE + MAGIC);
        Client.Running slow = client.start("raw", Integer.toString(SLOW_MILLIS), "00000040" + GSSENC_CODE + MAGIC);
        Client.Running silent = client.start("idle", "200");
        // While they are there, an application still gets its instance at once.
        assertEquals(
                stage.one().address(),
                client.open("x", Story.conmgrUrl("primary")).expectOk());
        client.leave("x");
        assertEquals("200 ENDED", silent.await().expectOk());
        assertEquals(NOTHING, truncated.await().expectOk());
        long millis = Stage.millis(started, truncated.await().nanos());
        assertTrue(millis >= 5000 && millis < 5000 + 2 * Stage.MARGIN_MILLIS, "closed after " + millis + " ms");
        assertEquals(NOTHING, slow.await().expectOk());
    }

    @Test
    @Proves("T1")
    void aStockDriverIsRelayed() {
        Finished psql = stage.story()
                .app()
                .run(
                        Account.NOBODY,
                        List.of(
                                PgInstall.current().program("psql"),
                                "-XAt",
                                "-c",
                                "SELECT pg_is_in_recovery()",
                                "host=127.0.0.1 port=" + Story.CONMGR_PORT + " user=postgres dbname=postgres"));
        assertEquals("f", psql.expectSuccess().out().strip());
    }
}
