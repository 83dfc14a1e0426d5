package io.github.pgconmgr.relay.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Proves;
import org.junit.jupiter.api.Test;

/** How long workers, clients and cached connections live (P6 to P9), just before and at each limit. */
class LifeTimesTest {

    private static RelayLab.Pair leftBehind(RelayLab lab) {
        RelayLab.Pair pair = lab.attached();
        pair.query("SELECT 1");
        pair.leave();
        lab.lazyReset(pair.server());
        return pair;
    }

    @Test
    @Proves("P6")
    void anIdleWorkerIsReplacedAfterChildLifeTimeWithItsCachedConnections() {
        RelayLab lab = new RelayLab(new PoolSample().childLifeSeconds(300));
        RelayLab.Pair pair = leftBehind(lab);
        lab.seconds(299);
        assertFalse(pair.server().isClosed());
        lab.seconds(1);
        assertTrue(pair.server().isClosed());
        assertEquals("X", Wire.text(pair.server().take()));
    }

    @Test
    @Proves("P6")
    void aWorkerThatNeverServedLives() {
        RelayLab lab = new RelayLab(new PoolSample().childLifeSeconds(10));
        var before = lab.core.workers().all();
        lab.seconds(20);
        assertEquals(before, lab.core.workers().all());
    }

    @Test
    @Proves("P6")
    void zeroIsNoChildLifeTime() {
        RelayLab lab = new RelayLab(new PoolSample());
        RelayLab.Pair pair = leftBehind(lab);
        lab.seconds(10_000);
        assertFalse(pair.server().isClosed());
    }

    @Test
    @Proves("P8")
    void aWorkerIsReplacedAfterChildMaxConnectionsClients() {
        RelayLab lab = new RelayLab(new PoolSample().workers(1).childMaxConnections(3));
        RelayLab.Pair pair = leftBehind(lab);
        lab.client().hangUp();
        assertFalse(pair.server().isClosed());
        assertEquals(2, lab.core.workers().all().get(0).served());
        lab.client().hangUp();
        assertTrue(pair.server().isClosed());
        assertEquals(0, lab.core.workers().all().get(0).served());
    }

    @Test
    @Proves("P9")
    void aCachedConnectionOlderThanConnectionLifeTimeIsClosed() {
        RelayLab lab = new RelayLab(new PoolSample().connectionLifeSeconds(100));
        RelayLab.Pair pair = leftBehind(lab);
        lab.seconds(99);
        assertFalse(pair.server().isClosed());
        lab.seconds(1);
        assertTrue(pair.server().isClosed());
    }

    @Test
    @Proves("P9")
    void anOldConnectionLivesAsLongAsItsClientAndIsNotCachedBehindIt() {
        RelayLab lab = new RelayLab(new PoolSample().connectionLifeSeconds(100));
        RelayLab.Pair pair = lab.attached();
        lab.seconds(500);
        assertFalse(pair.server().isClosed());
        pair.leave();
        assertTrue(pair.server().isClosed());
    }

    @Test
    void aCachedConnectionThatNobodyUsesIsClosedAfterServerIdleTimeout() {
        RelayLab lab = new RelayLab(new PoolSample().serverIdleSeconds(60));
        RelayLab.Pair pair = leftBehind(lab);
        lab.seconds(59);
        assertFalse(pair.server().isClosed());
        lab.seconds(1);
        assertTrue(pair.server().isClosed());
    }

    @Test
    @Proves("P7")
    void anIdleClientIsDisconnectedAfterClientIdleLimit() {
        RelayLab lab = new RelayLab(new PoolSample().clientIdleSeconds(30));
        RelayLab.Pair pair = lab.attached();
        pair.query("SELECT 1");
        lab.seconds(29);
        assertFalse(pair.client().isClosed());
        lab.seconds(1);
        assertTrue(Wire.text(pair.client().take()).contains("C57P05 Mterminating connection due to client_idle_limit"));
        assertTrue(pair.client().isClosed());
    }

    @Test
    @Proves("P7")
    void aClientThatWaitsForAnAnswerIsNotIdle() {
        RelayLab lab = new RelayLab(new PoolSample().clientIdleSeconds(30));
        RelayLab.Pair pair = lab.attached();
        pair.client().receive(Wire.query("SELECT pg_sleep(100)"));
        lab.seconds(90);
        assertFalse(pair.client().isClosed());
    }

    @Test
    @Proves("P7")
    void pgpoolSetChangesTheLimitOfItsOwnSessionOnly() {
        RelayLab lab = new RelayLab(new PoolSample());
        RelayLab.Pair one = lab.attached();
        RelayLab.Pair other = lab.attached();
        one.client().receive(Wire.query("PGPOOL SET client_idle_limit = 20"));
        assertEquals("C(SET) Z(I)", Wire.text(one.client().take()));
        assertEquals("", Wire.text(one.server().take()), "the server does not hear of it");
        one.client().receive(Wire.query("PGPOOL SHOW client_idle_limit"));
        String shown = Wire.text(one.client().take());
        assertTrue(shown.contains("20") && shown.endsWith("C(SHOW) Z(I)"), shown);
        lab.seconds(20);
        assertTrue(one.client().isClosed());
        assertFalse(other.client().isClosed());
    }

    @Test
    @Proves("P7")
    void whatPgpoolSetCannotSetIsAnErrorAndNothingElse() {
        RelayLab lab = new RelayLab(new PoolSample());
        RelayLab.Pair pair = lab.attached();
        for (String wrong : new String[] {"SET max_pool = 3", "SET client_idle_limit = x", "SET", "FLY"}) {
            pair.client().receive(Wire.query("PGPOOL " + wrong));
            assertTrue(Wire.text(pair.client().take()).matches("E\\(.*\\) Z\\(I\\)"), wrong);
        }
        pair.query("SELECT 1");
        assertFalse(pair.client().isClosed());
    }

    @Test
    void whoHasNotFinishedItsLoginAfterAMinuteIsClosed() {
        RelayLab lab = new RelayLab(new PoolSample());
        ScriptedConnection slow = lab.accept();
        byte[] startup = Wire.startup(RelayLab.APP);
        for (int second = 0; second < 59; second++) {
            if (second < startup.length - 1) {
                slow.receive(new byte[] {startup[second]});
            }
            lab.seconds(1);
        }
        assertFalse(slow.isClosed());
        lab.seconds(1);
        assertTrue(slow.isClosed());
    }
}
