package io.github.pgconmgr.topology;

import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.heartbeat.Upstream;
import io.github.pgconmgr.wire.heartbeat.Welcome;

/**
 * What an instance last said of itself. Immutable.
 *
 * @param hostaddr numeric address that the heartbeat, or the check, uses; drivers get exactly this one
 * @param systemIdentifier unsigned 64 bits
 * @param postmasterStartMicros microseconds since 1970 UTC
 * @param roundTripMicros of the last BEAT or check; -1 if none is measured yet
 * @param replayLagMillis how long ago the transaction was committed that a standby replayed last, 0 if it has replayed all that it
 *     received; -1 if there is no saying, as always of a watchdog
 * @param upstream whom a standby receives its write-ahead log from
 */
public record InstanceFacts(
        String hostaddr,
        long systemIdentifier,
        long postmasterStartMicros,
        InstanceState state,
        long roundTripMicros,
        long replayLagMillis,
        Upstream upstream) {

    private static final long UNKNOWN = -1;

    /** Without a time of replay, and following nobody. */
    public InstanceFacts(
            String hostaddr,
            long systemIdentifier,
            long postmasterStartMicros,
            InstanceState state,
            long roundTripMicros) {
        this(hostaddr, systemIdentifier, postmasterStartMicros, state, roundTripMicros, UNKNOWN, Upstream.NONE);
    }

    /** What a watchdog at that address said first. */
    public static InstanceFacts of(String hostaddr, Welcome welcome) {
        return new InstanceFacts(
                hostaddr, welcome.systemIdentifier(), welcome.postmasterStartMicros(), welcome.state(), UNKNOWN);
    }

    /** The same in another state. */
    public InstanceFacts withState(InstanceState newState) {
        return with(newState, roundTripMicros, upstream);
    }

    /** The same behind another upstream. */
    public InstanceFacts withUpstream(Upstream newUpstream) {
        return with(state, roundTripMicros, newUpstream);
    }

    InstanceFacts withBeat(long newRoundTripMicros, long lsn) {
        InstanceState moved =
                new InstanceState(state.inRecovery(), state.readOnly(), state.stopping(), state.timeline(), lsn);
        return with(moved, newRoundTripMicros < 0 ? roundTripMicros : newRoundTripMicros, upstream);
    }

    private InstanceFacts with(InstanceState newState, long newRoundTripMicros, Upstream newUpstream) {
        return new InstanceFacts(
                hostaddr,
                systemIdentifier,
                postmasterStartMicros,
                newState,
                newRoundTripMicros,
                replayLagMillis,
                newUpstream);
    }
}
