package io.github.pgconmgr.routing;

import io.github.pgconmgr.topology.InstanceFacts;
import io.github.pgconmgr.topology.InstanceView;

/** The router's decision. Immutable. */
public sealed interface Route {

    /**
     * Go there.
     *
     * @param instance as the snapshot showed it
     * @param facts the instance's facts, never missing for one that is chosen
     */
    record Chosen(InstanceView instance, InstanceFacts facts) implements Route {}

    /**
     * Nobody fits.
     *
     * @param sqlState five characters
     * @param text why, instance by instance
     */
    record Refused(String sqlState, String text) implements Route {}
}
