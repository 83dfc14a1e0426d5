package io.github.pgconmgr.relay.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Proves;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pool in session mode: what is kept, for whom, in which state it is handed on (P1 to P3, P10). */
class SessionModeTest {

    private final RelayLab lab = new RelayLab(new PoolSample());

    @Test
    @Proves("P1")
    void theNextClientWithTheSameStartUpGetsTheSameServerConnection() {
        RelayLab.Pair first = lab.attached();
        first.query("SELECT 1");
        first.leave();
        ScriptedConnection next = lab.client();
        assertEquals("R S K Z(I)", Wire.text(next.take()));
        assertEquals(0, lab.network.diallingNow());
        next.receive(Wire.query("SELECT 2"));
        first.server().receive(Wire.join(Wire.done("DISCARD ALL", 'I'), Wire.done("SELECT 2", 'I')));
        assertEquals("C(SELECT 2) Z(I)", Wire.text(next.take()));
    }

    @Test
    @Proves("P1")
    void theOrderOfStartUpParametersDoesNotMatter() {
        lab.attached().leave();
        lab.client("database", "shop", "user", "app");
        assertEquals(0, lab.network.diallingNow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "database", "application_name", "options"})
    @Proves("P1")
    void anotherStartUpParameterNeedsAnotherServerConnection(String name) {
        lab.attached().leave();
        lab.client("user", "app", "database", "shop", name, "other");
        assertEquals(1, lab.network.diallingNow());
    }

    @Test
    @Proves("P10")
    void theResetGoesOutInOneWriteWithTheNextClientsFirstBytes() {
        RelayLab.Pair first = lab.attached();
        first.query("SET work_mem = '1MB'");
        first.leave();
        ScriptedConnection next = lab.client();
        int writes = first.server().writes();
        next.receive(Wire.query("SHOW work_mem"));
        assertEquals("Q(DISCARD ALL) Q(SHOW work_mem)", Wire.text(first.server().take()));
        assertEquals(writes + 1, first.server().writes());
    }

    @Test
    @Proves("P10")
    void withoutANextClientTheResetGoesOutAfterFiveMilliseconds() {
        RelayLab.Pair first = lab.attached();
        first.query("LISTEN x");
        first.leave();
        lab.network.advanceNanos(4_999_999);
        assertEquals("", Wire.text(first.server().take()));
        lab.network.advanceNanos(1);
        assertEquals("Q(DISCARD ALL)", Wire.text(first.server().take()));
    }

    @Test
    @Proves("P10")
    void anOpenTransactionIsAbortedAndResetBeforeAnybodyElseGetsTheConnection() {
        RelayLab.Pair first = lab.attached();
        first.client().receive(Wire.query("BEGIN"));
        first.server().receive(Wire.done("BEGIN", 'T'));
        first.server().take();
        first.leave();
        assertEquals("Q(ABORT) Q(DISCARD ALL)", Wire.text(first.server().take()));
        lab.client();
        assertEquals(1, lab.network.diallingNow(), "it is not to be had yet");
        first.server().receive(Wire.join(Wire.done("ROLLBACK", 'I'), Wire.done("DISCARD ALL", 'I')));
        ScriptedConnection third = lab.client();
        assertEquals(1, lab.network.diallingNow());
        assertEquals("R S K Z(I)", Wire.text(third.take()));
    }

    @Test
    @Proves("P10")
    void aConnectionWhoseResetFailsIsClosed() {
        RelayLab lab = new RelayLab(new PoolSample().resetQueries("ABORT", "SELECT cleanup()"));
        RelayLab.Pair first = lab.attached();
        first.query("SELECT 1");
        first.leave();
        assertEquals("Q(SELECT cleanup())", Wire.text(first.server().take()));
        first.server().receive(Wire.join(Wire.message('E', "SERROR\0"), Wire.ready('I')));
        assertTrue(first.server().isClosed());
        lab.client();
        assertEquals(1, lab.network.diallingNow());
    }

    @Test
    @Proves("P10")
    void aConnectionWhoseResetTakesLongerThanFiveSecondsIsClosed() {
        RelayLab.Pair first = lab.attached();
        first.client().receive(Wire.query("BEGIN"));
        first.server().receive(Wire.done("BEGIN", 'T'));
        first.leave();
        lab.seconds(4);
        assertFalse(first.server().isClosed());
        lab.seconds(1);
        assertTrue(first.server().isClosed());
        assertEquals(4, lab.core.workers().idle());
    }

    @Test
    @Proves("P10")
    void theListIsSentInItsOrderWithoutAbortOutsideATransaction() {
        RelayLab lab = new RelayLab(new PoolSample().resetQueries("UNLISTEN *", "ABORT", "RESET ALL"));
        RelayLab.Pair first = lab.attached();
        first.query("SELECT 1");
        first.leave();
        assertEquals("Q(UNLISTEN *) Q(RESET ALL)", Wire.text(first.server().take()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"template0", "template1", "postgres", "regression"})
    @Proves("P2")
    void connectionsToTheseDatabasesAreNeverCached(String database) {
        ScriptedConnection server = usedAndLeft(database);
        assertTrue(server.isClosed());
        assertEquals(0, lab.core.workers().cached().size());
    }

    @Test
    @Proves("P2")
    void aConnectionToAnotherDatabaseIsCachedByTheSameSteps() {
        ScriptedConnection server = usedAndLeft("postgres2");
        assertFalse(server.isClosed());
        assertEquals(1, lab.core.workers().cached().size());
    }

    private ScriptedConnection usedAndLeft(String database) {
        RelayLab.Pair pair = new RelayLab.Pair(lab.client("user", "app", "database", database), lab.server());
        pair.query("SELECT 1");
        pair.leave();
        assertTrue(pair.client().isClosed());
        return pair.server();
    }

    @Test
    @Proves("P2")
    void withoutConnectionCacheNothingIsCached() {
        RelayLab lab = new RelayLab(new PoolSample().cache(false));
        RelayLab.Pair first = lab.attached();
        first.leave();
        assertTrue(first.server().isClosed());
        lab.client();
        assertEquals(1, lab.network.diallingNow());
    }

    @Test
    @Proves("P3")
    void overMaxPoolTheOldestCachedConnectionOfTheWorkerIsDroppedForTheNewOne() {
        RelayLab lab = new RelayLab(new PoolSample().workers(1).maxPool(2));
        ScriptedConnection[] servers = new ScriptedConnection[3];
        for (int number = 0; number < 3; number++) {
            ScriptedConnection client = lab.client("user", "app", "database", "shop" + number);
            servers[number] = lab.server();
            assertTrue(open(servers) <= 2);
            client.receive(Wire.message('X', ""));
            lab.seconds(1);
        }
        assertTrue(servers[0].isClosed());
        assertFalse(servers[1].isClosed() || servers[2].isClosed());
    }

    private static int open(ScriptedConnection... servers) {
        int open = 0;
        for (ScriptedConnection server : servers) {
            open += server != null && !server.isClosed() ? 1 : 0;
        }
        return open;
    }

    @Test
    void aClientThatSaysNothingLeavesNothingToReset() {
        RelayLab.Pair first = lab.attached();
        first.leave();
        lab.millis(100);
        assertEquals("", Wire.text(first.server().take()));
        assertFalse(first.server().isClosed());
    }

    @Test
    void aServerConnectionWithAQueryUnderWayIsClosedNotCached() {
        RelayLab.Pair first = lab.attached();
        first.client().receive(Wire.query("SELECT pg_sleep(10)"));
        first.client().hangUp();
        assertTrue(first.server().isClosed());
        assertEquals(4, lab.core.workers().idle());
    }

    @Test
    void aServerConnectionInTheMiddleOfAMessageIsClosedNotCached() {
        RelayLab.Pair first = lab.attached();
        first.client().receive(new byte[] {'Q', 0, 0});
        first.client().hangUp();
        assertTrue(first.server().isClosed());
    }

    @Test
    void anExtendedMessageWithoutSyncKeepsTheConnectionOutOfTheCache() {
        RelayLab.Pair first = lab.attached();
        first.client().receive(Wire.message('P', "s\0SELECT 1\0\0\0"));
        first.leave();
        assertTrue(first.server().isClosed());
    }

    @Test
    void whatAServerSaysUnaskedInTheCacheEndsIt() {
        RelayLab.Pair first = lab.attached();
        first.leave();
        first.server().receive(Wire.message('D', "surprise"));
        assertTrue(first.server().isClosed());
        assertEquals(0, lab.core.workers().cached().size());
    }

    @Test
    void aParameterThatTheLastClientChangedIsResetBeforeTheNextOneIsGreeted() {
        RelayLab.Pair first = lab.attached();
        first.client().receive(Wire.query("SET application_name = 'x'"));
        first.server().receive(Wire.join(Wire.parameter("application_name", "x"), Wire.done("SET", 'I')));
        first.server().take();
        first.leave();
        assertEquals("Q(DISCARD ALL)", Wire.text(first.server().take()));
        lab.client();
        assertEquals(1, lab.network.diallingNow());
    }
}
