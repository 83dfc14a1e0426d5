package io.github.pgconmgr.attribute;

import io.github.pgconmgr.config.HeartbeatConfig;
import io.github.pgconmgr.heartbeat.Allowance;
import io.github.pgconmgr.heartbeat.Attempts;
import io.github.pgconmgr.heartbeat.LoopMember;
import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.topology.CheckEvents;
import io.github.pgconmgr.topology.Liveness;
import io.github.pgconmgr.topology.Seconds;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The checks by SQL of one instance: two state machines, {@link CheckPhase} for the connection and {@link Liveness} for the
 * instance (ADR 10). Events and the time go in, commands come out; no sockets.
 *
 * <p>Confined to the heartbeat loop (or to a test's thread). All times are nanoseconds of one monotonic clock. An instance
 * speaks only when it is asked, so its silence counts from one check_interval before the first question that it did not answer,
 * or from its last answer if that is later. Answers of attempts that are over are recognised by their number and ignored.
 */
public final class SqlLink implements LoopMember {

    private static final long NOT_READY_NANOS = TimeUnit.HOURS.toNanos(1);

    private final Subject subject;
    private final String component;
    private final CheckCommands commands;
    private final CheckEvents events;
    private final Log log;

    private final Allowance silenceAllowance = new Allowance();
    private final Attempts attempts = new Attempts();
    private Liveness liveness = Liveness.UNKNOWN;
    private CheckPhase phase = CheckPhase.WAITING;
    private HeartbeatConfig config;
    private long judgedTimeoutNanos;
    private boolean ready;
    private boolean stopped;
    private boolean again;
    private String remark = "";
    private boolean hiddenTimelineTold;
    private long askedNanos;
    private long nextCheckNanos;
    private long heardNanos;
    private long judgeNotBeforeNanos;
    private @Nullable CheckAnswer last;

    /**
     * Whom a link asks. Immutable.
     *
     * @param component who speaks in the log
     * @param connectTimeoutNanos limit of an attempt beside heartbeat_connect_timeout
     */
    public record Subject(int number, String component, long connectTimeoutNanos) {}

    /** A link that does nothing until {@link #onStart}. */
    public SqlLink(Subject subject, HeartbeatConfig config, CheckCommands commands, CheckEvents events, Log log) {
        this.subject = subject;
        this.component = subject.component();
        this.config = config;
        this.commands = commands;
        this.events = events;
        this.log = log;
        this.judgedTimeoutNanos = config.settings().timeoutNanos();
    }

    @Override
    public int number() {
        return subject.number();
    }

    /** What the instance is taken for. */
    public Liveness liveness() {
        return liveness;
    }

    /** Where the connection stands. */
    public CheckPhase phase() {
        return phase;
    }

    /** Whether a name's next address is tried: not while its sessions hang on the one where it was ALIVE. */
    boolean mayTryAnotherAddress() {
        return attempts.failed() > 0 && liveness != Liveness.SUSPECT;
    }

    /** Limit of an attempt that begins now. */
    long connectTimeoutNanos() {
        return Math.min(config.connectTimeoutNanos(), subject.connectTimeoutNanos());
    }

    @Override
    public void onStart(long nowNanos) {
        attempts.planAt(nowNanos + NOT_READY_NANOS);
        judgeNotBeforeNanos = nowNanos;
        commands.prepare();
    }

    /** What was to be prepared is. */
    public void onReady(long nowNanos) {
        ready = true;
        attempts.planAt(nowNanos);
        startWhatIsDue(nowNanos);
    }

    /** Asks at once: there is reason to think that the last answer does not hold any more. */
    public void askNow(long nowNanos) {
        // The answer to a question that is out may be older than the reason.
        again = phase == CheckPhase.CHECKING || phase == CheckPhase.CONNECTING;
        if (phase == CheckPhase.RESTING) {
            nextCheckNanos = nowNanos;
            startWhatIsDue(nowNanos);
        }
    }

    /** The instance stops when its sessions have ended: ours does. The next attempts are refused, until it is up again. */
    public void leave(long nowNanos) {
        if (phase == CheckPhase.RESTING || phase == CheckPhase.CHECKING) {
            move(CheckPhase.Event.LEFT);
            commands.close();
            again = false;
            attempts.planAt(nowNanos + config.connectIntervalNanos());
            become(CheckedLiveness.Event.LOST, nowNanos, "the instance is shutting down");
        }
    }

    /** The instance answered the question of that attempt's connection. */
    public void onAnswer(long nowNanos, long number, CheckAnswer untimed) {
        if (!isCurrent(number)) {
            return;
        }
        CheckAnswer answer = untimed.askedAt(askedNanos);
        heard(nowNanos);
        attempts.onSucceeded();
        judgedTimeoutNanos = config.settings().timeoutNanos();
        boolean first = phase == CheckPhase.CONNECTING;
        move(CheckPhase.Event.ANSWERED);
        nextCheckNanos = again ? nowNanos : askedNanos + config.checkIntervalNanos();
        again = false;
        CheckAnswer before = last;
        CheckAnswer now = before == null ? answer : withHighestTimeline(before, answer);
        last = now;
        judge(nowNanos, first, before, now);
        explain(nowNanos, now);
        startWhatIsDue(nowNanos);
    }

    /** The question of that attempt's connection was not answered; the connection is of no use any more. */
    public void onFailure(long nowNanos, long number, CheckFailure failure) {
        if (isCurrent(number)) {
            if (failure.kind() == CheckFailure.Kind.ERROR) {
                heard(nowNanos);
            }
            endConnection(nowNanos, failure);
        }
    }

    @Override
    public void onStall(long nowNanos, long stallNanos) {
        long mostNanos = config.checkIntervalNanos();
        long granted = silenceAllowance.add(Math.max(0, Math.min(stallNanos, nowNanos - heardNanos)), mostNanos);
        // What has arrived in the meantime is read by another thread, which was as late as we.
        judgeNotBeforeNanos = nowNanos + granted;
        attempts.onStall(nowNanos, stallNanos, mostNanos);
    }

    @Override
    public void onTick(long nowNanos) {
        if (stopped) {
            return;
        }
        startWhatIsDue(nowNanos);
        if (isJudged() && nowNanos - silentNanos() >= 0) {
            onSilent(nowNanos);
        }
        if (phase == CheckPhase.CONNECTING && attempts.isTooLate(nowNanos)) {
            String reason = "no answer within " + Seconds.text(attempts.timeoutNanos());
            endConnection(nowNanos, new CheckFailure(CheckFailure.Kind.NO_ANSWER, reason));
        }
    }

    @Override
    public void onReload(long nowNanos, HeartbeatConfig changed) {
        config = changed;
        // Never longer than it takes by the new pace.
        if (nextCheckNanos - nowNanos > changed.checkIntervalNanos()) {
            nextCheckNanos = nowNanos + changed.checkIntervalNanos();
        }
    }

    @Override
    public void onStop(long nowNanos) {
        stopped = true;
        move(CheckPhase.Event.STOPPED);
        commands.close();
    }

    @Override
    public long nextDeadlineNanos() {
        long next = switch (phase) {
            case WAITING -> attempts.nextNanos();
            case CONNECTING -> attempts.deadlineNanos();
            case RESTING -> nextCheckNanos;
            case CHECKING -> silentNanos();
        };
        return isJudged() && silentNanos() - next < 0 ? silentNanos() : next;
    }

    private boolean isCurrent(long number) {
        return !stopped && phase != CheckPhase.WAITING && attempts.isLatest(number);
    }

    /** Whether its silence means anything: a question is out, or the answers have ceased. */
    private boolean isJudged() {
        return phase == CheckPhase.CHECKING || liveness == Liveness.SUSPECT;
    }

    /** The first moment at which the instance is silent: nothing for <em>longer than</em> the limit. */
    private long silentNanos() {
        long limit = Math.max(judgedTimeoutNanos, config.settings().timeoutNanos()) + silenceAllowance.nanos();
        long end = heardNanos + limit + 1;
        return judgeNotBeforeNanos - end > 0 ? judgeNotBeforeNanos : end;
    }

    private void startWhatIsDue(long nowNanos) {
        if (phase == CheckPhase.RESTING && nowNanos - nextCheckNanos >= 0) {
            move(CheckPhase.Event.CHECK_DUE);
            askedNanos = nowNanos;
            // Asked late: the time before that was ours.
            long earliest = nowNanos - config.checkIntervalNanos();
            heardNanos = earliest - heardNanos > 0 ? earliest : heardNanos;
            commands.check();
        } else if (ready && phase == CheckPhase.WAITING && attempts.isDue(nowNanos)) {
            move(CheckPhase.Event.ATTEMPT_DUE);
            askedNanos = nowNanos;
            commands.connect(attempts.begin(nowNanos, connectTimeoutNanos()));
        }
    }

    /** A standby that does not receive at the moment shows an older timeline than the one that it is on. */
    private static CheckAnswer withHighestTimeline(CheckAnswer before, CheckAnswer answer) {
        boolean samePostmaster =
                before.facts().postmasterStartMicros() == answer.facts().postmasterStartMicros()
                        && before.facts().systemIdentifier() == answer.facts().systemIdentifier();
        int known = before.state().timeline();
        boolean lower = Integer.compareUnsigned(answer.state().timeline(), known) < 0;
        return samePostmaster && lower && answer.state().inRecovery() ? answer.onTimeline(known) : answer;
    }

    private void judge(long nowNanos, boolean first, @Nullable CheckAnswer before, CheckAnswer now) {
        if (config.checksAlwaysAbnormal()) {
            if (liveness != Liveness.ALIVE) {
                String reason = "heartbeat_timeout is not longer than check_interval and heartbeat_interval";
                become(CheckedLiveness.Event.ALWAYS_ABNORMAL, nowNanos, reason);
            }
            return;
        }
        boolean wasAlive = liveness == Liveness.ALIVE;
        if (first && liveness == Liveness.SUSPECT && before != null && isOtherPostmaster(before, now)) {
            String reason = "the instance was restarted";
            events.postmasterChanged(nowNanos, reason);
            become(CheckedLiveness.Event.NEW_POSTMASTER, nowNanos, reason);
        } else {
            become(CheckedLiveness.Event.ANSWERED, nowNanos, "answered by SQL");
        }
        if (wasAlive) {
            events.checked(nowNanos, now.facts());
        }
    }

    private static boolean isOtherPostmaster(CheckAnswer before, CheckAnswer now) {
        return before.facts().postmasterStartMicros() != now.facts().postmasterStartMicros();
    }

    private void explain(long nowNanos, CheckAnswer answer) {
        if (!remark.isEmpty()) {
            remark = "";
            events.remark(nowNanos, "");
        }
        if (answer.timelineHidden() && !hiddenTimelineTold) {
            hiddenTimelineTold = true;
            log.write(Message.CHECK_HIDES_TIMELINE, component);
        }
    }

    private void endConnection(long nowNanos, CheckFailure failure) {
        boolean stood = phase != CheckPhase.CONNECTING;
        move(stood ? CheckPhase.Event.LOST : CheckPhase.Event.ATTEMPT_FAILED);
        commands.close();
        again = false;
        if (stood) {
            become(CheckedLiveness.Event.LOST, nowNanos, failure.text());
            attempts.planAfterLoss(nowNanos, config, liveness == Liveness.SUSPECT);
            startWhatIsDue(nowNanos);
        } else {
            tellFailure(failure);
            remark(nowNanos, failure);
            attempts.onFailed();
            attempts.planAfterFailure(nowNanos, config, liveness == Liveness.SUSPECT);
            boolean refused = failure.kind() == CheckFailure.Kind.REFUSED;
            become(
                    refused ? CheckedLiveness.Event.REFUSED : CheckedLiveness.Event.ATTEMPT_FAILED,
                    nowNanos,
                    failure.text());
        }
    }

    /** Of an attempt; that a connection was lost, or the port refuses, stands in the line of the liveness. */
    private void tellFailure(CheckFailure failure) {
        if (failure.kind() != CheckFailure.Kind.REFUSED && attempts.isNew(failure.text())) {
            log.write(Message.CHECK_FAILED, component, failure.text());
        }
    }

    /** Not of a connection that was only lost: the next attempt, at once, tells more. */
    private void remark(long nowNanos, CheckFailure failure) {
        String text = "check by SQL failed: " + failure.text();
        if (!text.equals(remark)) {
            remark = text;
            events.remark(nowNanos, text);
        }
    }

    private void onSilent(long nowNanos) {
        String reason = "no answer to SQL for " + Seconds.text(nowNanos - heardNanos);
        if (phase == CheckPhase.CHECKING) {
            remark(nowNanos, new CheckFailure(CheckFailure.Kind.NO_ANSWER, reason));
            move(CheckPhase.Event.LOST);
            commands.close();
            attempts.planAt(nowNanos + config.connectIntervalNanos());
        }
        become(CheckedLiveness.Event.SILENT, nowNanos, reason);
    }

    private void heard(long nowNanos) {
        heardNanos = nowNanos;
        judgeNotBeforeNanos = nowNanos;
        silenceAllowance.reset();
    }

    private void move(CheckPhase.Event event) {
        phase = CheckPhase.TABLE.next(phase, event);
    }

    private void become(CheckedLiveness.Event event, long nowNanos, String reason) {
        Liveness from = liveness;
        liveness = CheckedLiveness.TABLE.next(from, event);
        if (liveness == from) {
            return;
        }
        log.write(Message.LIVENESS_CHANGED, component, from, liveness, reason);
        switch (liveness) {
            case ALIVE -> {
                if (last != null) {
                    events.alive(nowNanos, last.facts(), reason);
                }
            }
            case SUSPECT -> events.suspect(nowNanos, reason);
            case DOWN -> events.down(nowNanos, reason);
            case UNKNOWN -> throw new IllegalStateException("no way back to UNKNOWN");
        }
    }
}
