package io.github.pgconmgr.frontend;

import java.util.concurrent.TimeUnit;

/**
 * Whether drivers ask for instances that have replayed an LSN. As long as they do, the watchdogs are asked to tell each new LSN
 * at once (ADR 11): once for many questions.
 *
 * <p>Confined to the frontend loop.
 */
final class LsnInterest {

    /** The interest that was told lasts much longer: see the heartbeat's {@code Following}. */
    static final long TELL_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Runnable listener;
    private boolean told;
    private long toldNanos;

    /**
     * @param listener told of the interest; must not block
     */
    LsnInterest(Runnable listener) {
        this.listener = listener;
    }

    void onQuestion(long nowNanos) {
        if (!told || nowNanos - toldNanos >= TELL_AGAIN_NANOS) {
            told = true;
            toldNanos = nowNanos;
            listener.run();
        }
    }
}
