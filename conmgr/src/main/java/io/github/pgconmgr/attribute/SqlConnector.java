package io.github.pgconmgr.attribute;

import io.github.pgconmgr.config.HeartbeatConfig;
import io.github.pgconmgr.heartbeat.AddressChoice;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries out one link's commands: each step of its connection is a task on the pool, one at a time, whose end is an event on the
 * heartbeat loop. A step that cannot be ended (a name server that hangs) delays the next one of this instance and nobody else's.
 *
 * <p>Confined to the heartbeat loop.
 */
final class SqlConnector implements CheckCommands {

    private final CheckTarget target;
    private final ExecutorService pool;
    private final Consumer<LongConsumer> loop;
    private final Supplier<HeartbeatConfig> config;
    private final AddressChoice addresses = new AddressChoice();
    private final SqlLink link;

    private boolean busy;
    private long attempt;
    private @Nullable CheckSession session;
    /** The attempt, or the goodbye, that waits for the end of the step before it. */
    private @Nullable Runnable next;

    /**
     * @param loop runs an event on the heartbeat loop, with the time
     * @param config the one that holds; asked on the loop
     */
    SqlConnector(
            CheckTarget target,
            ExecutorService pool,
            Consumer<LongConsumer> loop,
            Supplier<HeartbeatConfig> config,
            Function<CheckCommands, SqlLink> links) {
        this.target = target;
        this.pool = pool;
        this.loop = loop;
        this.config = config;
        this.link = links.apply(this);
    }

    SqlLink link() {
        return link;
    }

    /** Loads the classes, which takes longer than a sharp heartbeat_connect_timeout. */
    @Override
    public void prepare() {
        run(SqlConnector::loadClasses, done -> loop.accept(link::onReady));
    }

    private static String loadClasses() {
        try {
            return QuietLibraries.load();
        } catch (LinkageError e) {
            // The first attempt will say what is missing.
            return "";
        }
    }

    @Override
    public void connect(long number) {
        attempt = number;
        boolean tryNext = link.mayTryAnotherAddress();
        CheckLimits limits = CheckLimits.of(config.get(), link.connectTimeoutNanos());
        afterThis(() -> {
            CheckSession opened = new CheckSession(target, addresses, limits);
            session = opened;
            step(number, () -> opened.open(tryNext));
        });
    }

    @Override
    public void check() {
        CheckSession current = session;
        if (current != null) {
            step(attempt, current::check);
        }
    }

    @Override
    public void close() {
        CheckSession old = session;
        session = null;
        next = null;
        if (old == null) {
            return;
        }
        if (busy) {
            // What comes of the step is of no interest any more; the step itself ends at once.
            old.abort();
        }
        afterThis(() -> run(
                () -> {
                    old.close();
                    return old;
                },
                done -> {}));
    }

    private void step(long number, Supplier<CheckResult> body) {
        run(() -> caught(body), result -> loop.accept(nowNanos -> tell(nowNanos, number, result)));
    }

    /** A mistake of ours is a check that failed, so it is logged once, shown, and the next check is made. */
    private static CheckResult caught(Supplier<CheckResult> body) {
        try {
            return body.get();
        } catch (RuntimeException | LinkageError e) {
            return new CheckFailure(CheckFailure.Kind.NO_ANSWER, FailureText.mistake(e));
        }
    }

    private void tell(long nowNanos, long number, CheckResult result) {
        if (result instanceof CheckAnswer answer) {
            link.onAnswer(nowNanos, number, answer);
        } else if (result instanceof CheckFailure failure) {
            link.onFailure(nowNanos, number, failure);
        }
    }

    private void afterThis(Runnable action) {
        if (busy) {
            next = next == null ? action : inOrder(next, action);
        } else {
            action.run();
        }
    }

    /** A goodbye and the attempt behind it. */
    private Runnable inOrder(Runnable first, Runnable second) {
        return () -> {
            first.run();
            afterThis(second);
        };
    }

    private void onFree() {
        busy = false;
        Runnable waiting = next;
        next = null;
        if (waiting != null) {
            waiting.run();
        }
    }

    private <T> void run(Supplier<T> body, Consumer<T> onDone) {
        busy = true;
        try {
            pool.execute(() -> {
                T result;
                try {
                    result = body.get();
                } finally {
                    // Whatever was thrown: the core's deadline ends the step, and the next one must not wait for it.
                    loop.accept(nowNanos -> onFree());
                }
                onDone.accept(result);
            });
        } catch (RejectedExecutionException e) {
            if (!pool.isShutdown()) {
                throw e;
            }
            // conmgr stops.
            busy = false;
        }
    }
}
