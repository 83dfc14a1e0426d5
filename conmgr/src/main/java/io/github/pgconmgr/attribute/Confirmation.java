package io.github.pgconmgr.attribute;

import io.github.pgconmgr.config.HeartbeatConfig;
import io.github.pgconmgr.heartbeat.LoopMember;
import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.topology.CheckEvents;
import io.github.pgconmgr.topology.InstanceEvents;
import io.github.pgconmgr.topology.InstanceFacts;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.heartbeat.Upstream;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code backend_check = both}: what an instance's watchdog says, confirmed by SQL (ADR 10). Liveness is the watchdog's; what the
 * instance is, is the more careful of the two answers. SQL has no say as long as its last attempt failed, so that a forgotten
 * password costs no writers.
 *
 * <p>Confined to the heartbeat loop (or to a test's thread).
 */
public final class Confirmation implements LoopMember {

    private static final long IDLE_NANOS = TimeUnit.HOURS.toNanos(1);

    private static final String ALWAYS_ABNORMAL = "heartbeat_timeout is not longer than check_interval";

    private final int number;
    private final String component;
    private final CheckEvents topology;
    private final Log log;
    private final Watchdog watchdog = new Watchdog();
    private final Sql sql = new Sql();

    private LongConsumer askNow = nowNanos -> {};
    private LongConsumer leave = nowNanos -> {};
    private long intervalNanos;
    private boolean alwaysAbnormal;
    private long tickNanos;
    private @Nullable InstanceFacts said;
    private @Nullable InstanceFacts found;
    private @Nullable InstanceFacts held;
    private boolean attempted;
    private String failure = "";
    private boolean disagrees;
    private long disagreesSinceNanos;
    private String disagreement = "";

    public Confirmation(int number, HeartbeatConfig config, CheckEvents topology, Log log) {
        this.number = number;
        this.component = "instance " + number;
        this.intervalNanos = config.checkIntervalNanos();
        this.alwaysAbnormal = config.checksAlwaysAbnormal();
        this.topology = topology;
        this.log = log;
    }

    /** How SQL is asked at once, and how its connection ends; what comes of it comes to {@link #sql}. */
    public void commandBy(LongConsumer asker, LongConsumer leaver) {
        askNow = asker;
        leave = leaver;
    }

    /** Where the heartbeat link reports to. */
    public InstanceEvents watchdog() {
        return watchdog;
    }

    /** Where the checks by SQL report to. */
    public CheckEvents sql() {
        return sql;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public void onStart(long nowNanos) {
        tickNanos = nowNanos;
    }

    @Override
    public void onStall(long nowNanos, long stallNanos) {
        // Nobody is judged by a deadline here.
    }

    @Override
    public void onTick(long nowNanos) {
        tickNanos = nowNanos;
        if (disagrees && nowNanos - disagreesSinceNanos > intervalNanos) {
            tellDisagreement(nowNanos);
        }
    }

    @Override
    public void onReload(long nowNanos, HeartbeatConfig changed) {
        intervalNanos = changed.checkIntervalNanos();
        alwaysAbnormal = changed.checksAlwaysAbnormal();
    }

    @Override
    public void onStop(long nowNanos) {
        disagrees = false;
    }

    @Override
    public long nextDeadlineNanos() {
        return disagrees && disagreement.isEmpty() ? disagreesSinceNanos + intervalNanos + 1 : tickNanos + IDLE_NANOS;
    }

    /** The more careful answer: a primary, and a writable one, only if both say so, and of the same instance. */
    private InstanceState careful(InstanceFacts claim) {
        InstanceState state = claim.state();
        InstanceFacts other = found;
        if (other == null) {
            return state;
        }
        boolean stranger = other.systemIdentifier() != claim.systemIdentifier();
        boolean inRecovery = state.inRecovery() || other.state().inRecovery() || stranger;
        boolean readOnly = state.readOnly() || isReadOnlyPrimary(other) || stranger;
        return new InstanceState(inRecovery, readOnly, state.stopping(), state.timeline(), state.lsn());
    }

    /** What is told of the instance. */
    private InstanceFacts confirmed(InstanceFacts claim) {
        InstanceFacts facts = claim.withState(careful(claim));
        InstanceFacts other = found;
        return other != null && agree(claim, other) ? facts.confirmedBy(other) : facts;
    }

    /** On a standby transaction_read_only is always set, and means nothing. */
    private static boolean isReadOnlyPrimary(InstanceFacts facts) {
        return !facts.state().inRecovery() && facts.state().readOnly();
    }

    private void compare(long nowNanos) {
        InstanceFacts claim = said;
        InstanceFacts other = found;
        boolean differs = claim != null && other != null && !agree(claim, other);
        if (differs && !disagrees) {
            disagreesSinceNanos = nowNanos;
        }
        disagrees = differs;
        if (!differs && !disagreement.isEmpty()) {
            disagreement = "";
            log.write(Message.CHECK_AGREES, component);
            remark(nowNanos);
        } else if (differs && !disagreement.isEmpty()) {
            tellDisagreement(nowNanos);
        }
    }

    private void tellDisagreement(long nowNanos) {
        InstanceFacts claim = said;
        InstanceFacts other = found;
        if (claim == null || other == null) {
            return;
        }
        String words = claim.systemIdentifier() == other.systemIdentifier()
                ? "its watchdog says " + word(claim) + ", SQL says " + word(other) + ": no writers"
                : "its watchdog and backend_port belong to different database clusters: no writers";
        if (!words.equals(disagreement)) {
            disagreement = words;
            log.write(Message.CHECK_DISAGREES, component, words);
            remark(nowNanos);
        }
    }

    private static boolean agree(InstanceFacts claim, InstanceFacts other) {
        return claim.systemIdentifier() == other.systemIdentifier()
                && word(claim).equals(word(other));
    }

    private static String word(InstanceFacts facts) {
        if (facts.state().inRecovery()) {
            return "standby";
        }
        return facts.state().readOnly() ? "read-only primary" : "primary";
    }

    private void remark(long nowNanos) {
        topology.remark(nowNanos, disagreement.isEmpty() ? failure : disagreement);
    }

    /** SQL has answered, or failed to: what was held back for that goes on. */
    private void onAttempted(long nowNanos, @Nullable InstanceFacts facts) {
        InstanceFacts claim = said;
        InstanceFacts before = claim == null ? null : confirmed(claim);
        attempted = true;
        found = facts;
        if (held != null) {
            watchdog.release(nowNanos, held);
        } else if (claim != null && !confirmed(claim).equals(before)) {
            topology.checked(nowNanos, confirmed(claim));
        }
        compare(nowNanos);
    }

    /** The heartbeat link's side. Confined as the whole. */
    private final class Watchdog implements InstanceEvents {
        private String reason = "";

        @Override
        public void alive(long nowNanos, InstanceFacts facts, String newReason) {
            said = facts;
            reason = newReason;
            held = facts;
            if (attempted || alwaysAbnormal) {
                release(nowNanos, facts);
            }
            compare(nowNanos);
            askNow.accept(nowNanos);
        }

        /** Not with settings by which no answer of SQL counts (C4): nothing would ever be confirmed. */
        private void release(long nowNanos, InstanceFacts facts) {
            if (alwaysAbnormal) {
                topology.down(nowNanos, ALWAYS_ABNORMAL);
                return;
            }
            held = null;
            topology.alive(nowNanos, confirmed(facts), reason);
        }

        @Override
        public void state(long nowNanos, InstanceState state) {
            InstanceFacts claim = said;
            if (claim == null) {
                return;
            }
            InstanceFacts changed = claim.withState(state);
            said = changed;
            if (held != null) {
                held = changed;
            } else {
                topology.state(nowNanos, careful(changed));
            }
            compare(nowNanos);
            if (state.stopping()) {
                leave.accept(nowNanos);
            } else {
                askNow.accept(nowNanos);
            }
        }

        @Override
        public void beat(long nowNanos, long roundTripMicros, long lsn) {
            InstanceFacts claim = said;
            if (claim == null) {
                return;
            }
            said = claim.withBeat(roundTripMicros, lsn);
            if (held == null) {
                topology.beat(nowNanos, roundTripMicros, lsn);
            }
        }

        @Override
        public void upstream(long nowNanos, Upstream upstream) {
            InstanceFacts claim = said;
            if (claim == null) {
                return;
            }
            said = claim.withUpstream(upstream);
            if (held != null) {
                held = held.withUpstream(upstream);
            } else {
                topology.upstream(nowNanos, upstream);
            }
        }

        @Override
        public void suspect(long nowNanos, String why) {
            silence(nowNanos);
            topology.suspect(nowNanos, why);
        }

        @Override
        public void down(long nowNanos, String why) {
            silence(nowNanos);
            topology.down(nowNanos, why);
        }

        @Override
        public void postmasterChanged(long nowNanos, String why) {
            topology.postmasterChanged(nowNanos, why);
        }

        /** It says nothing now, so there is nothing to confirm. */
        private void silence(long nowNanos) {
            said = null;
            held = null;
            compare(nowNanos);
        }
    }

    /** The side of the checks. Confined as the whole. */
    private final class Sql implements CheckEvents {

        @Override
        public void alive(long nowNanos, InstanceFacts facts, String reason) {
            checked(nowNanos, facts);
        }

        @Override
        public void checked(long nowNanos, InstanceFacts facts) {
            onAttempted(nowNanos, facts);
            InstanceFacts claim = said;
            if (claim != null && claim.state().stopping()) {
                leave.accept(nowNanos);
            }
        }

        @Override
        public void remark(long nowNanos, String text) {
            failure = text;
            if (!text.isEmpty()) {
                onAttempted(nowNanos, null);
            }
            Confirmation.this.remark(nowNanos);
        }

        @Override
        public void state(long nowNanos, InstanceState state) {
            throw new IllegalStateException("checks give all facts");
        }

        @Override
        public void beat(long nowNanos, long roundTripMicros, long lsn) {
            throw new IllegalStateException("checks give all facts");
        }

        @Override
        public void upstream(long nowNanos, Upstream upstream) {
            throw new IllegalStateException("checks give all facts");
        }

        @Override
        public void suspect(long nowNanos, String reason) {
            // The remark has said it already.
        }

        @Override
        public void down(long nowNanos, String reason) {
            // Likewise.
        }

        @Override
        public void postmasterChanged(long nowNanos, String reason) {
            // Liveness is the watchdog's.
        }
    }
}
