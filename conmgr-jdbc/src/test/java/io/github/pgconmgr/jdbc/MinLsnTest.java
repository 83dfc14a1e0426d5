package io.github.pgconmgr.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.wire.redirect.LsnWish;
import io.github.pgconmgr.wire.redirect.RedirectAnswer;
import io.github.pgconmgr.wire.redirect.RedirectRequest;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code conmgr.min_lsn} (ADR 11): what conmgr is told, and whom the driver believes. */
class MinLsnTest {

    private static final String WISH = "&conmgr.min_lsn=16/B374D848&loginTimeout=0";
    private static final long LSN = 0x16_B374_D848L;

    private final DriverUnderTest jdbc = new DriverUnderTest();
    private ScriptedPostgres standby;
    private ScriptedConmgr heeding;
    private ScriptedConmgr old;

    @BeforeEach
    void start() throws IOException {
        standby = ScriptedPostgres.standby();
        heeding = ScriptedConmgr.answering(
                new RedirectAnswer.Instance(0, standby.port(), "localhost", "127.0.0.1", "standby", LSN));
        old = ScriptedConmgr.naming(standby);
    }

    @AfterEach
    void stop() throws IOException {
        heeding.close();
        old.close();
        standby.close();
        DriverUnderTest.awaitNothingLeft();
    }

    private static LsnWish wishOf(ScriptedConmgr conmgr, int request) {
        return conmgr.requests.get(request).wish();
    }

    @Test
    void conmgrIsToldTheLsnAndHowLongTheDriverWaits() throws Exception {
        try (Connection connection = jdbc.connect(heeding.hostPort(), WISH + "&targetServerType=secondary")) {
            assertTrue(connection.isValid(5));
        }
        assertEquals(LSN, wishOf(heeding, 0).lsn());
        assertTrue(heeding.requests.get(0).readsPairs());
        assertTrue(wishOf(heeding, 0).waitMillis() > 8000, "pgjdbc's connectTimeout is 10 s if nothing is said");
        jdbc.connect(heeding.hostPort(), WISH + "&connectTimeout=3").close();
        int wait = wishOf(heeding, 1).waitMillis();
        assertTrue(wait > 1500 && wait <= 3000, "waits " + wait);
        jdbc.connect(heeding.hostPort(), WISH + "&connectTimeout=0").close();
        assertTrue(wishOf(heeding, 2).waitMillis() > 60_000, wishOf(heeding, 2).toString());
    }

    @Test
    void withoutItTheQuestionIsTheOldOne() throws Exception {
        jdbc.connect(old.hostPort(), "").close();
        assertEquals(0, old.requests.get(0).flags());
        assertEquals(LsnWish.NONE, wishOf(old, 0));
    }

    @Test
    void aConmgrThatDoesNotHeedItIsPassedOver() throws Exception {
        SQLException failed = jdbc.failure(old.hostPort(), WISH);
        assertEquals("08001", failed.getSQLState());
        assertTrue(failed.getMessage().contains("it does not know conmgr.min_lsn"), failed.getMessage());
        jdbc.connect(old.hostPort() + "," + heeding.hostPort(), WISH).close();
        assertEquals(0, old.openConnections());
    }

    @Test
    void aServerThatIsNoConmgrIsPassedOver() throws Exception {
        SQLException failed = jdbc.failure(standby.hostPort(), WISH);
        assertEquals("08001", failed.getSQLState());
        assertTrue(failed.getMessage().contains("is no conmgr"), failed.getMessage());
        assertEquals(0, standby.startups.size());
        jdbc.connect(standby.hostPort() + "," + heeding.hostPort(), WISH).close();
    }

    @Test
    void aPreferenceOverSeveralHostsIsNotWaitedForOnTheFirstWalk() throws Exception {
        try (ScriptedConmgr refusing = ScriptedConmgr.refusing("nobody")) {
            jdbc.failure(refusing.hostPort() + ",127.0.0.1:1", WISH + "&targetServerType=preferSecondary");
            assertEquals(2, refusing.requests.size());
            assertEquals(0, wishOf(refusing, 0).waitMillis());
            assertTrue(wishOf(refusing, 1).waitMillis() > 8000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "x/y", "0/1/2", "123456789/0"})
    void whatIsNoLsnIsRefused(String value) {
        SQLException failed = jdbc.failure(heeding.hostPort(), "&conmgr.min_lsn=" + value);
        assertEquals("22023", failed.getSQLState());
    }

    @Test
    void theDataSourceTakesItFromItsUrlAndForEachConnectionAnew() throws Exception {
        ConmgrDataSource source = new ConmgrDataSource();
        source.setUrl("jdbc:conmgr://" + heeding.hostPort() + "/d?user=u" + WISH);
        source.getConnection().close();
        source.setMinLsn(null);
        source.getConnection().close();
        assertEquals(
                List.of(LSN, 0L),
                heeding.requests.stream()
                        .map(RedirectRequest::wish)
                        .map(LsnWish::lsn)
                        .toList());
    }
}
