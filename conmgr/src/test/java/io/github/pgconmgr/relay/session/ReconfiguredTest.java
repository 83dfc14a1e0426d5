package io.github.pgconmgr.relay.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.config.RoutingConfig;
import io.github.pgconmgr.testkit.Proves;
import org.junit.jupiter.api.Test;

/** What a reload changes in a running relay, for those who are there and for those who come (P7, P10). */
class ReconfiguredTest {

    private final RelayLab lab = new RelayLab(new PoolSample());

    private void configure(PoolSample pool, RoutingConfig routing, String... statsUsers) {
        lab.core.configure(pool.relay(statsUsers), routing, lab.network.now());
    }

    private void configure(PoolSample pool) {
        configure(pool, RoutingConfig.DEFAULT, RelayLab.STATS_USER);
    }

    @Test
    @Proves("P7")
    void aNewClientIdleLimitHoldsForWhoIsThereFromItsLastQueryOn() {
        RelayLab.Pair pair = lab.attached();
        pair.query("SELECT 1");
        lab.seconds(20);
        configure(new PoolSample().clientIdleSeconds(30));
        lab.seconds(9);
        assertFalse(pair.client().isClosed());
        lab.seconds(1);
        assertTrue(Wire.text(pair.client().take()).contains("C57P05 Mterminating connection due to client_idle_limit"));
        assertTrue(pair.client().isClosed());
    }

    @Test
    @Proves("P7")
    void aClientIdleLimitThatIsSwitchedOffEndsNobody() {
        configure(new PoolSample().clientIdleSeconds(30));
        RelayLab.Pair pair = lab.attached();
        lab.seconds(29);
        configure(new PoolSample());
        lab.seconds(100);
        assertFalse(pair.client().isClosed());
    }

    @Test
    @Proves("P7")
    void aSessionThatHasSetItsOwnLimitKeepsIt() {
        RelayLab.Pair own = lab.attached();
        own.client().receive(Wire.query("PGPOOL SET client_idle_limit = 60"));
        own.client().take();
        configure(new PoolSample().clientIdleSeconds(30));
        lab.seconds(59);
        assertFalse(own.client().isClosed());
        lab.seconds(1);
        assertTrue(own.client().isClosed());
    }

    @Test
    @Proves("P10")
    void aNewResetListIsSentForWhoLeavesFromNowOn() {
        RelayLab.Pair pair = lab.attached();
        pair.query("SELECT 1");
        configure(new PoolSample().resetQueries("ABORT", "UNLISTEN *", "RESET ALL"));
        pair.leave();
        lab.millis(5);
        assertEquals("Q(UNLISTEN *) Q(RESET ALL)", Wire.text(pair.server().take()));
    }

    @Test
    void aNewStatsUserMayLookAndAnOldOneNoMore() {
        configure(new PoolSample(), RoutingConfig.DEFAULT, "bob");
        String bob = Wire.text(lab.client("user", "bob", "database", "conmgr").take());
        assertTrue(bob.endsWith("Z(I)"), bob);
        String old = Wire.text(
                lab.client("user", RelayLab.STATS_USER, "database", "conmgr").take());
        assertTrue(old.startsWith("E("), old);
    }

    @Test
    void aNewRouteWaitHoldsForWhoComesFromNowOn() {
        lab.topology.eventsOf(0).down(lab.network.now(), "gone");
        assertTrue(lab.client().isClosed());
        configure(new PoolSample(), new RoutingConfig(false, 5_000, RoutingConfig.NO_LAG_LIMIT), RelayLab.STATS_USER);
        ScriptedConnection client = lab.client();
        lab.millis(4_999);
        assertFalse(client.isClosed());
        lab.millis(1);
        assertTrue(client.isClosed());
    }
}
