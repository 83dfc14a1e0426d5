package io.github.pgconmgr.topology;

import io.github.pgconmgr.config.InstanceConfig;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One instance as conmgr sees it. Immutable.
 *
 * @param sinceNanos monotonic time at which the liveness became what it is; compare with the same clock
 * @param reason why the liveness became what it is; empty for UNKNOWN
 * @param facts what the instance last said; null until it has been welcomed once. Kept while it is SUSPECT or DOWN
 * @param remark what is to be known of its checks by SQL; often empty
 * @param caughtUpNanos of a standby: it has all that the primary had written at that time, monotonic; empty if there is no saying
 */
public record InstanceView(
        InstanceConfig config,
        Liveness liveness,
        long sinceNanos,
        String reason,
        Fence fence,
        @Nullable InstanceFacts facts,
        String remark,
        OptionalLong caughtUpNanos) {

    /** One without a remark. */
    public InstanceView(
            InstanceConfig config,
            Liveness liveness,
            long sinceNanos,
            String reason,
            Fence fence,
            @Nullable InstanceFacts facts) {
        this(config, liveness, sinceNanos, reason, fence, facts, "", OptionalLong.empty());
    }

    static InstanceView initial(InstanceConfig config) {
        return new InstanceView(config, Liveness.UNKNOWN, 0, "", Fence.NONE, null);
    }

    /** The instance number of conmgr.conf. */
    public int number() {
        return config.number();
    }

    /** The attribute word: primary, standby, or unknown as long as the instance has said nothing. */
    public String attribute() {
        if (facts == null) {
            return "unknown";
        }
        return facts.state().inRecovery() ? "standby" : "primary";
    }

    /** Whether the router may send anybody there at all: ALIVE, not fenced, not stopping. */
    public boolean takesConnections() {
        return liveness == Liveness.ALIVE
                && fence == Fence.NONE
                && facts != null
                && !facts.state().stopping();
    }

    InstanceView withLiveness(Liveness newLiveness, long nowNanos, String newReason) {
        return new InstanceView(config, newLiveness, nowNanos, newReason, fence, facts, remark, caughtUpNanos);
    }

    InstanceView withFacts(InstanceFacts newFacts) {
        return new InstanceView(config, liveness, sinceNanos, reason, fence, newFacts, remark, caughtUpNanos);
    }

    InstanceView withFence(Fence newFence) {
        return new InstanceView(config, liveness, sinceNanos, reason, newFence, facts, remark, caughtUpNanos);
    }

    InstanceView withRemark(String newRemark) {
        return new InstanceView(config, liveness, sinceNanos, reason, fence, facts, newRemark, caughtUpNanos);
    }

    /** The same with a standby's lag. */
    public InstanceView withCaughtUp(OptionalLong nanos) {
        return new InstanceView(config, liveness, sinceNanos, reason, fence, facts, remark, nanos);
    }
}
