package io.github.pgconmgr.topology;

import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.heartbeat.Upstream;
import io.github.pgconmgr.wire.heartbeat.Welcome;
import java.util.OptionalLong;

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
 * @param askedNanos when it was asked for this state, monotonic; empty of a watchdog, which tells what it found earlier
 */
public record InstanceFacts(
        String hostaddr,
        long systemIdentifier,
        long postmasterStartMicros,
        InstanceState state,
        long roundTripMicros,
        long replayLagMillis,
        Upstream upstream,
        OptionalLong askedNanos) {

    private static final long UNKNOWN = -1;

    /** Without a time of replay, following nobody, and not asked for. */
    public InstanceFacts(
            String hostaddr,
            long systemIdentifier,
            long postmasterStartMicros,
            InstanceState state,
            long roundTripMicros) {
        this(
                hostaddr,
                systemIdentifier,
                postmasterStartMicros,
                state,
                roundTripMicros,
                UNKNOWN,
                Upstream.NONE,
                OptionalLong.empty());
    }

    /** What a watchdog at that address said first. */
    public static InstanceFacts of(String hostaddr, Welcome welcome) {
        return new InstanceFacts(
                hostaddr, welcome.systemIdentifier(), welcome.postmasterStartMicros(), welcome.state(), UNKNOWN);
    }

    /** The same in another state. */
    public InstanceFacts withState(InstanceState newState) {
        return with(newState, roundTripMicros, replayLagMillis, upstream, askedNanos);
    }

    /** The same behind another upstream. */
    public InstanceFacts withUpstream(Upstream newUpstream) {
        return with(state, roundTripMicros, replayLagMillis, newUpstream, askedNanos);
    }

    /** The same after a round trip. */
    public InstanceFacts withRoundTrip(long micros) {
        return with(state, micros, replayLagMillis, upstream, askedNanos);
    }

    /** The same with a time since the last commit that was replayed. */
    public InstanceFacts withReplayLag(long millis) {
        return with(state, roundTripMicros, millis, upstream, askedNanos);
    }

    /** The same, as the answer to a question of that time. */
    public InstanceFacts askedAt(long nanos) {
        return with(state, roundTripMicros, replayLagMillis, upstream, OptionalLong.of(nanos));
    }

    /** The same after a BEAT with that LSN. */
    public InstanceFacts withBeat(long newRoundTripMicros, long lsn) {
        long micros = newRoundTripMicros < 0 ? roundTripMicros : newRoundTripMicros;
        return with(at(state, lsn), micros, replayLagMillis, upstream, askedNanos);
    }

    /**
     * The same with what another answer of the same instance adds: it may know a later LSN, and when it was asked. One of an earlier
     * postmaster adds nothing: a standby may be back behind what it had replayed.
     */
    public InstanceFacts confirmedBy(InstanceFacts other) {
        InstanceState seen = other.state;
        boolean comparable = other.postmasterStartMicros == postmasterStartMicros
                && seen.timeline() == state.timeline()
                && seen.inRecovery() == state.inRecovery();
        if (!comparable) {
            return this;
        }
        boolean further = Long.compareUnsigned(seen.lsn(), state.lsn()) > 0;
        InstanceState moved = further ? at(state, seen.lsn()) : state;
        return with(moved, roundTripMicros, other.replayLagMillis, upstream, other.askedNanos);
    }

    private static InstanceState at(InstanceState state, long lsn) {
        return new InstanceState(state.inRecovery(), state.readOnly(), state.stopping(), state.timeline(), lsn);
    }

    private InstanceFacts with(
            InstanceState newState,
            long newRoundTripMicros,
            long newReplayLagMillis,
            Upstream newUpstream,
            OptionalLong newAskedNanos) {
        return new InstanceFacts(
                hostaddr,
                systemIdentifier,
                postmasterStartMicros,
                newState,
                newRoundTripMicros,
                newReplayLagMillis,
                newUpstream,
                newAskedNanos);
    }
}
