package io.github.pgconmgr.topology;

import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.heartbeat.Upstream;
import io.github.pgconmgr.wire.heartbeat.Welcome;

/**
 * What an instance last said of itself. Immutable.
 *
 * @param hostaddr numeric address that the heartbeat uses; drivers get exactly this one
 * @param systemIdentifier unsigned 64 bits
 * @param postmasterStartMicros microseconds since 1970 UTC
 * @param roundTripMicros of the last BEAT; -1 if none is measured yet
 * @param upstream whom a standby receives its write-ahead log from
 */
public record InstanceFacts(
        String hostaddr,
        long systemIdentifier,
        long postmasterStartMicros,
        InstanceState state,
        long roundTripMicros,
        Upstream upstream) {

    static InstanceFacts of(String hostaddr, Welcome welcome) {
        return new InstanceFacts(
                hostaddr,
                welcome.systemIdentifier(),
                welcome.postmasterStartMicros(),
                welcome.state(),
                -1,
                Upstream.NONE);
    }

    InstanceFacts withState(InstanceState newState) {
        return with(newState, roundTripMicros, upstream);
    }

    InstanceFacts withUpstream(Upstream newUpstream) {
        return with(state, roundTripMicros, newUpstream);
    }

    InstanceFacts withBeat(long newRoundTripMicros, long lsn) {
        InstanceState moved =
                new InstanceState(state.inRecovery(), state.readOnly(), state.stopping(), state.timeline(), lsn);
        return with(moved, newRoundTripMicros < 0 ? roundTripMicros : newRoundTripMicros, upstream);
    }

    private InstanceFacts with(InstanceState newState, long newRoundTripMicros, Upstream newUpstream) {
        return new InstanceFacts(
                hostaddr, systemIdentifier, postmasterStartMicros, newState, newRoundTripMicros, newUpstream);
    }
}
