package io.github.pgconmgr.simulation;

import io.github.pgconmgr.testkit.sim.SimHost;

/** One SQL session on a simulated instance. Confined to the simulation. */
final class SimSession {

    final SimHost client;
    final int clientBoot;
    final long startNanos;
    boolean ended;

    SimSession(SimHost client, long startNanos) {
        this.client = client;
        this.clientBoot = client.boot();
        this.startNanos = startNanos;
    }
}
