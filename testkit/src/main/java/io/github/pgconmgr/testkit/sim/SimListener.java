package io.github.pgconmgr.testkit.sim;

/** Takes the connections of a port. */
@FunctionalInterface
public interface SimListener {

    /** A connection came in; its events go to the process that is returned by {@link SimSocket#attach}. */
    void onAccepted(SimSocket socket);
}
