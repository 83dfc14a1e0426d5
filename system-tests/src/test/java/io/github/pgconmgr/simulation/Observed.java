package io.github.pgconmgr.simulation;

import io.github.pgconmgr.topology.CheckEvents;
import io.github.pgconmgr.topology.InstanceFacts;
import io.github.pgconmgr.topology.Liveness;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.heartbeat.Upstream;

/** Tells the topology, then the oracle why an instance went down. Confined to the simulation. */
final class Observed implements CheckEvents {

    private final SimConmgr conmgr;
    private final int number;
    private final CheckEvents topology;

    Observed(SimConmgr conmgr, int number) {
        this.conmgr = conmgr;
        this.number = number;
        this.topology = conmgr.topology().eventsOf(number);
    }

    @Override
    public void alive(long nowNanos, InstanceFacts facts, String reason) {
        topology.alive(nowNanos, facts, reason);
    }

    @Override
    public void state(long nowNanos, InstanceState state) {
        topology.state(nowNanos, state);
    }

    @Override
    public void beat(long nowNanos, long roundTripMicros, long lsn) {
        topology.beat(nowNanos, roundTripMicros, lsn);
    }

    @Override
    public void upstream(long nowNanos, Upstream upstream) {
        topology.upstream(nowNanos, upstream);
    }

    @Override
    public void suspect(long nowNanos, String reason) {
        topology.suspect(nowNanos, reason);
    }

    @Override
    public void down(long nowNanos, String reason) {
        boolean wasMonitored = conmgr.topology()
                .snapshot()
                .instance(number)
                .map(view -> view.liveness() == Liveness.ALIVE || view.liveness() == Liveness.SUSPECT)
                .orElse(false);
        topology.down(nowNanos, reason);
        if (wasMonitored) {
            conmgr.oracle().onDown(conmgr, number, reason);
        }
    }

    @Override
    public void postmasterChanged(long nowNanos, String reason) {
        topology.postmasterChanged(nowNanos, reason);
    }

    @Override
    public void checked(long nowNanos, InstanceFacts facts) {
        topology.checked(nowNanos, facts);
    }

    @Override
    public void remark(long nowNanos, String text) {
        topology.remark(nowNanos, text);
    }
}
