package io.github.pgconmgr.faults;

import io.github.pgconmgr.testkit.SilentGap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Compares what a switch saw of the heartbeats with what their ends made of it: a link is given up exactly when a gap reaches
 * the timeout, and only sessions of such a link end (death.md: the premise of the guarantees). A functional core. Immutable.
 */
final class Gaps {

    /** Logs have milliseconds. */
    private static final long WRITING_NANOS = Duration.ofMillis(30).toNanos();

    /** What both ends, and the threads that write their logs, may come too late on a busy machine. */
    private static final long LATE_NANOS = Duration.ofMillis(150).toNanos();

    private final List<SilentGap> gaps;
    private final List<Judgement> judgements;
    private final UnaryOperator<String> addresses;
    private final long timeoutNanos;
    private final long surelyNanos;

    /**
     * @param gaps those that the switch saw, of any length
     * @param judgements those of the round
     * @param addresses a host's address
     */
    Gaps(List<SilentGap> gaps, List<Judgement> judgements, Settings settings, UnaryOperator<String> addresses) {
        this.gaps = gaps;
        this.judgements = judgements;
        this.addresses = addresses;
        this.timeoutNanos = Duration.ofMillis(settings.timeoutMillis()).toNanos();
        // An end that was stalled gives one interval more.
        this.surelyNanos =
                timeoutNanos + Duration.ofMillis(settings.intervalMillis()).toNanos() + LATE_NANOS;
    }

    /** How many gaps were as long as the timeout; of those that went on at the end nobody knows. */
    long reaching() {
        return gaps.stream().filter(this::reachesTimeout).count();
    }

    /** How often an end judged that the other was silent. */
    long silences() {
        return judgements.stream().filter(Judgement::silence).count();
    }

    /** What does not fit. */
    List<String> compare(List<Session> sessions) {
        List<String> violations = new ArrayList<>();
        for (Judgement judgement : judgements) {
            if (judgement.silence() && gaps.stream().noneMatch(gap -> explains(gap, judgement))) {
                violations.add("judged without a gap: " + judgement + "; those before it: " + gapsBefore(judgement));
            }
        }
        for (SilentGap gap : gaps) {
            // One that was not filled may be of a connection that its receiver had closed.
            boolean surely = gap.filled() && gap.endNanos() - gap.beginNanos() >= surelyNanos;
            if (surely && judgements.stream().noneMatch(judgement -> notices(judgement, gap))) {
                violations.add("not judged: " + gap);
            }
        }
        for (Session session : sessions) {
            if (session.end() != null && judgements.stream().noneMatch(judgement -> ends(judgement, session))) {
                violations.add("ended without a judgement: " + session + ": "
                        + session.end().text());
            }
        }
        return violations;
    }

    /** Of the same link, the last ones. */
    private List<SilentGap> gapsBefore(Judgement judgement) {
        List<SilentGap> before = gaps.stream()
                .filter(gap -> isOf(gap, judgement) && judgement.nanos() - gap.beginNanos() >= 0)
                .toList();
        return before.subList(Math.max(0, before.size() - 3), before.size());
    }

    private boolean isOf(SilentGap gap, Judgement judgement) {
        return gap.sender().equals(addresses.apply(judgement.judged()))
                && gap.receiver().equals(addresses.apply(judgement.judge()));
    }

    private boolean explains(SilentGap gap, Judgement judgement) {
        if (!isOf(gap, judgement) || judgement.nanos() - gap.beginNanos() < timeoutNanos - WRITING_NANOS) {
            return false;
        }
        long writtenLateNanos = reachesTimeout(gap) ? LATE_NANOS : WRITING_NANOS;
        return gap.endNanos() == Long.MAX_VALUE || judgement.nanos() - gap.endNanos() <= writtenLateNanos;
    }

    private boolean reachesTimeout(SilentGap gap) {
        return gap.endNanos() != Long.MAX_VALUE && gap.endNanos() - gap.beginNanos() >= timeoutNanos;
    }

    /** Also a connection that ended before, for the gap's length it is not there. */
    private boolean notices(Judgement judgement, SilentGap gap) {
        boolean oneOrOther = isOf(gap, judgement) || isOf(gap.otherWay(), judgement);
        return oneOrOther
                && judgement.nanos() - gap.beginNanos() >= 0
                && judgement.nanos() - gap.endNanos() <= LATE_NANOS;
    }

    private static boolean ends(Judgement judgement, Session session) {
        boolean byConmgr =
                judgement.judge().equals(session.host()) && judgement.judged().equals(session.server());
        boolean byWatchdog =
                judgement.judge().equals(session.server()) && judgement.judged().equals(session.host());
        return (byConmgr || byWatchdog)
                && session.end() != null
                && judgement.nanos() - session.end().nanos() <= WRITING_NANOS;
    }
}
