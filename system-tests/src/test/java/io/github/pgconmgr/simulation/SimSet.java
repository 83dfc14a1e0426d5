package io.github.pgconmgr.simulation;

import io.github.pgconmgr.wire.heartbeat.SharedSecret;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An instance set: a primary and its standbys, which share a system identifier. Confined to the simulation. */
final class SimSet {

    private final long systemIdentifier;
    private final @Nullable SharedSecret secret;
    private final List<SimInstance> instances = new ArrayList<>();

    /**
     * @param secret what its watchdogs ask for; null for nothing
     */
    SimSet(long systemIdentifier, @Nullable SharedSecret secret) {
        this.secret = secret;
        this.systemIdentifier = systemIdentifier;
    }

    long systemIdentifier() {
        return systemIdentifier;
    }

    @Nullable
    SharedSecret secret() {
        return secret;
    }

    /** In the order of their numbers in conmgr.conf; the first one begins as the primary. */
    List<SimInstance> instances() {
        return instances;
    }

    int newestTimeline() {
        return instances.stream().mapToInt(i -> i.state().timeline()).max().orElse(1);
    }

    /** One primary remains, all others follow it; everything runs. */
    SimInstance bringInOrder() {
        int newest = newestTimeline();
        SimInstance primary = instances.stream()
                .filter(i -> i.state().timeline() == newest)
                .min(Comparator.comparing(i -> i.state().inRecovery()))
                .orElseThrow();
        for (SimInstance instance : instances) {
            if (!instance.host().isUp()) {
                instance.host().powerOn();
            }
            instance.failChecks(false);
            instance.setReadOnlyBySql(false);
            instance.stop(false);
            instance.start();
            if (instance != primary) {
                instance.followAsStandby(newest);
            }
        }
        if (primary.state().inRecovery()) {
            primary.promote();
        }
        return primary;
    }
}
