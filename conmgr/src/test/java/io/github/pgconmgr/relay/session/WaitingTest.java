package io.github.pgconmgr.relay.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.config.RoutingConfig;
import io.github.pgconmgr.testkit.Proves;
import org.junit.jupiter.api.Test;

/** Clients for whom there is no worker or no instance (P4, reserved_connections, route_wait). */
class WaitingTest {

    @Test
    @Proves("P4")
    void clientsWaitForAWorkerInOrderUpToTheBacklogAndOneMoreIsRefused() {
        RelayLab lab = new RelayLab(new PoolSample().workers(1).maxWaiting(2));
        RelayLab.Pair first = lab.attached();
        ScriptedConnection second = lab.client();
        ScriptedConnection third = lab.client();
        ScriptedConnection fourth = lab.client();
        assertTrue(Wire.text(fourth.take()).contains("C53300 Msorry, too many clients already"));
        assertTrue(fourth.isClosed());
        assertEquals("", Wire.text(second.take()) + Wire.text(third.take()));
        first.leave();
        assertEquals("R S K Z(I)", Wire.text(second.take()));
        assertEquals("", Wire.text(third.take()));
        second.hangUp();
        assertEquals("R S K Z(I)", Wire.text(third.take()));
    }

    @Test
    @Proves("P4")
    void whoGivesUpWaitingLosesItsPlace() {
        RelayLab lab = new RelayLab(new PoolSample().workers(1));
        RelayLab.Pair first = lab.attached();
        ScriptedConnection second = lab.client();
        ScriptedConnection third = lab.client();
        second.hangUp();
        first.leave();
        assertEquals("R S K Z(I)", Wire.text(third.take()));
    }

    @Test
    void withReservedConnectionsNobodyWaitsAndSoManyWorkersStayFree() {
        RelayLab lab = new RelayLab(new PoolSample().workers(3).reserved(1));
        lab.attached();
        lab.attached();
        ScriptedConnection third = lab.client();
        assertTrue(Wire.text(third.take()).contains("C53300 Msorry, too many clients already"));
        assertTrue(third.isClosed());
    }

    @Test
    void withoutAnInstanceAClientIsToldWhyAtOnce() {
        RelayLab lab = new RelayLab(new PoolSample());
        lab.topology.eventsOf(0).down(lab.network.now(), "no heartbeat for 20.0 s");
        ScriptedConnection client = lab.client();
        String text = Wire.text(client.take());
        assertTrue(text.contains("C08001 Mno instance with target_session_attrs \"read-write\" is known"), text);
        assertTrue(client.isClosed());
    }

    @Test
    void withRouteWaitAClientIsServedTheMomentAnInstanceFits() {
        RelayLab lab = new RelayLab(
                new PoolSample(), Authentications.trust(), new RoutingConfig(false, 5_000, RoutingConfig.NO_LAG_LIMIT));
        lab.topology.eventsOf(0).down(lab.network.now(), "gone");
        ScriptedConnection client = lab.client();
        ScriptedConnection late = lab.client();
        lab.millis(4_999);
        assertFalse(client.isClosed() || late.isClosed());
        lab.primaryIsAlive();
        lab.core.onTopologyChanged(lab.network.now());
        lab.server();
        lab.server();
        assertEquals("R S K Z(I)", Wire.text(client.take()));
        lab.millis(60_000);
        assertFalse(client.isClosed());
    }

    @Test
    void routeWaitEndsWithTheRefusal() {
        RelayLab lab = new RelayLab(
                new PoolSample(), Authentications.trust(), new RoutingConfig(false, 5_000, RoutingConfig.NO_LAG_LIMIT));
        lab.topology.eventsOf(0).down(lab.network.now(), "gone");
        ScriptedConnection client = lab.client();
        lab.millis(5_000);
        assertTrue(Wire.text(client.take()).contains("C08001"));
        assertTrue(client.isClosed());
    }

    @Test
    void anInstanceThatRefusesTheConnectionIsAnErrorForThatClientAndFreesItsWorker() {
        RelayLab lab = new RelayLab(new PoolSample().workers(1));
        ScriptedConnection client = lab.client();
        lab.network.refuse();
        assertTrue(Wire.text(client.take()).contains("C08006 Mcould not connect to the instance: Connection refused"));
        assertEquals(1, lab.core.workers().idle());
    }

    @Test
    void aServersRefusalReachesTheClientAsItIs() {
        RelayLab lab = new RelayLab(new PoolSample().workers(1));
        ScriptedConnection client = lab.client();
        ScriptedConnection server = lab.serverSilent();
        server.receive(Wire.message('E', "SFATAL\0C3D000\0Mdatabase \"shop\" does not exist\0\0"));
        assertEquals("E(SFATAL C3D000 Mdatabase \"shop\" does not exist)", Wire.text(client.take()));
        assertTrue(client.isClosed() && server.isClosed());
        assertEquals(1, lab.core.workers().idle());
    }

    @Test
    void aClientThatGoesWhileItsServerIsDialledTakesNobodyWithIt() {
        RelayLab lab = new RelayLab(new PoolSample().workers(1));
        lab.client().hangUp();
        ScriptedConnection server = lab.serverSilent();
        assertTrue(server.isClosed());
        assertEquals(1, lab.core.workers().idle());
    }
}
