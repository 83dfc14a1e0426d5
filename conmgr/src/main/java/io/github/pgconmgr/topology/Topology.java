package io.github.pgconmgr.topology;

import io.github.pgconmgr.config.InstanceConfig;
import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.heartbeat.Upstream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The one registry of instances: what the heartbeat links found out, fenced, published as snapshots with a generation number.
 *
 * <p>Confined to the heartbeat loop, its only writer; {@link #snapshot} and {@link #addListener} may be called by any thread.
 */
public final class Topology {

    private final Log log;
    private final Fencing fencing;
    private final TimelineMemory memory;
    private @Nullable TimelineRecord remembered;
    private boolean remembering;
    private final List<InstanceView> views = new ArrayList<>();
    private final List<TopologyListener> listeners = new CopyOnWriteArrayList<>();
    private final List<Runnable> changeListeners = new CopyOnWriteArrayList<>();
    private volatile TopologySnapshot snapshot;
    private final PrimaryPast past = new PrimaryPast();
    private boolean fenceSessions;

    /** Remembers nothing of an earlier run, and nothing for a later one. */
    public Topology(List<InstanceConfig> instances, Log log) {
        this(instances, log, null, TimelineMemory.NONE);
    }

    /**
     * All instances begin UNKNOWN.
     *
     * @param remembered of an earlier run; null if there was none
     * @param memory for a later one
     */
    public Topology(
            List<InstanceConfig> instances, Log log, @Nullable TimelineRecord remembered, TimelineMemory memory) {
        this.log = log;
        this.fencing = new Fencing(remembered, instances);
        this.memory = memory;
        this.remembered = remembered;
        instances.stream()
                .sorted(Comparator.comparingInt(InstanceConfig::number))
                .map(InstanceView::initial)
                .forEach(views::add);
        this.snapshot = new TopologySnapshot(0, views);
    }

    /**
     * What was forgotten. Immutable.
     *
     * @param before null if nothing was known
     * @param after what the instances that are ALIVE still say; null if they say nothing
     */
    public record Forgotten(
            @Nullable TimelineRecord before, @Nullable TimelineRecord after) {}

    /** The newest picture. Any thread; does not block. */
    public TopologySnapshot snapshot() {
        return snapshot;
    }

    /** Any thread; register before the heartbeat loop starts, what happened before is not told. */
    public void addListener(TopologyListener listener) {
        listeners.add(listener);
    }

    /** Runs behind each new snapshot, on the heartbeat loop: must not block. Any thread may add one, before the loop starts. */
    public void addChangeListener(Runnable listener) {
        changeListeners.add(listener);
    }

    /**
     * Where the link of that instance, or its checks, report to.
     *
     * @throws IllegalArgumentException if there is no such instance
     */
    public CheckEvents eventsOf(int instanceNumber) {
        for (int index = 0; index < views.size(); index++) {
            if (views.get(index).number() == instanceNumber) {
                return new Entry(index);
            }
        }
        throw new IllegalArgumentException("no instance " + instanceNumber);
    }

    /** Whether the sessions of an instance that is or becomes stale are told. Heartbeat loop. */
    public void fenceSessions(boolean on) {
        boolean wasOn = fenceSessions;
        fenceSessions = on;
        if (on && !wasOn) {
            views.stream().filter(view -> view.fence() == Fence.STALE).forEach(this::tellFenced);
        }
    }

    /** So far back standbys are compared with their primary in time; 0 is not at all. Heartbeat loop. */
    public void keepPast(long nanos) {
        past.keep(nanos);
    }

    /**
     * Forgets all that keeps instances from connections; what those that are ALIVE say now is learnt anew at once. Heartbeat loop.
     */
    public Forgotten forget() {
        TimelineRecord before = fencing.seen();
        fencing.forget();
        // Asked for even if the same is learnt again: the file must be as new as the picture.
        remembered = null;
        views.forEach(fencing::observe);
        remember();
        publish();
        String forgotten = before == null ? "nothing" : before.text();
        log.write(Message.TIMELINE_FORGOTTEN, "conmgr", forgotten);
        return new Forgotten(before, fencing.seen());
    }

    /** What keeps instances from connections; null as long as nothing was seen. Heartbeat loop. */
    public @Nullable TimelineRecord known() {
        return fencing.seen();
    }

    private void update(int index, InstanceView changed) {
        views.set(index, changed);
        // The changed one first: it may raise the timeline or give up its claim, on which the others are judged.
        fencing.observe(changed);
        views.forEach(fencing::observe);
        if (!Objects.equals(fencing.seen(), remembered)) {
            remember();
        }
        publish();
    }

    /** What comes back before keep() does is in the snapshot that the caller is about to publish. */
    private void remember() {
        remembered = fencing.seen();
        remembering = true;
        memory.keep(remembered, this::onKept);
        remembering = false;
    }

    private void onKept(@Nullable TimelineRecord record) {
        fencing.onKept(record);
        if (!remembering) {
            publish();
        }
    }

    private void publish() {
        List<InstanceView> becameStale = new ArrayList<>();
        for (int index = 0; index < views.size(); index++) {
            InstanceView view = views.get(index);
            InstanceView judged = fenced(view);
            views.set(index, judged);
            if (judged.fence() == Fence.STALE && view.fence() != Fence.STALE) {
                becameStale.add(judged);
            }
        }
        measureStandbys();
        snapshot = new TopologySnapshot(snapshot.generation() + 1, views);
        changeListeners.forEach(this::runSafely);
        if (fenceSessions) {
            becameStale.forEach(this::tellFenced);
        }
    }

    private void measureStandbys() {
        views.stream().filter(Topology::isThePrimary).forEach(view -> {
            InstanceFacts facts = view.facts();
            if (facts != null && facts.askedNanos().isPresent()) {
                past.observe(facts.state(), facts.askedNanos().getAsLong());
            }
        });
        views.replaceAll(view -> {
            InstanceFacts facts = view.facts();
            return facts == null ? view : view.withCaughtUp(past.caughtUpNanos(facts.state()));
        });
    }

    private static boolean isThePrimary(InstanceView view) {
        return view.liveness() == Liveness.ALIVE
                && !view.fence().lasts()
                && view.attribute().equals("primary");
    }

    private void tellFenced(InstanceView view) {
        if (mayHaveSessions(view)) {
            tellSessionsLost(view, "fenced: " + fencing.explain(view, view.fence()));
        }
    }

    private static boolean mayHaveSessions(InstanceView view) {
        return view.liveness() == Liveness.ALIVE || view.liveness() == Liveness.SUSPECT;
    }

    /** A listener's mistake must not keep a loss from being told. */
    private void runSafely(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException e) {
            log.write(Message.HEARTBEAT_INTERNAL_ERROR, "conmgr", e.toString());
        }
    }

    private InstanceView fenced(InstanceView view) {
        Fence fence = fencing.judge(view);
        if (fence == view.fence()) {
            return view;
        }
        String component = "instance " + view.number();
        if (fence.lasts()) {
            log.write(Message.INSTANCE_FENCED, component, fencing.explain(view, fence));
        } else if (view.fence().lasts()) {
            log.write(Message.INSTANCE_UNFENCED, component);
        }
        return view.withFence(fence);
    }

    private void tellSessionsLost(InstanceView view, String reason) {
        InstanceFacts facts = view.facts();
        if (facts == null) {
            return;
        }
        SessionsLost lost =
                new SessionsLost(view.number(), facts.postmasterStartMicros(), reason, snapshot.generation());
        listeners.forEach(listener -> runSafely(() -> listener.onSessionsLost(lost)));
    }

    /** One instance's place. Confined to the heartbeat loop. */
    private final class Entry implements CheckEvents {
        private final int index;

        Entry(int index) {
            this.index = index;
        }

        private InstanceView view() {
            return views.get(index);
        }

        @Override
        public void alive(long nowNanos, InstanceFacts facts, String reason) {
            update(index, view().withLiveness(Liveness.ALIVE, nowNanos, reason).withFacts(facts));
        }

        @Override
        public void state(long nowNanos, InstanceState state) {
            InstanceFacts facts = view().facts();
            if (facts != null) {
                update(index, view().withFacts(facts.withState(state)));
            }
        }

        @Override
        public void beat(long nowNanos, long roundTripMicros, long lsn) {
            InstanceFacts facts = view().facts();
            if (facts != null) {
                update(index, view().withFacts(facts.withBeat(roundTripMicros, lsn)));
            }
        }

        @Override
        public void upstream(long nowNanos, Upstream upstream) {
            InstanceFacts facts = view().facts();
            if (facts != null) {
                update(index, view().withFacts(facts.withUpstream(upstream)));
            }
        }

        @Override
        public void checked(long nowNanos, InstanceFacts facts) {
            update(index, view().withFacts(facts));
        }

        @Override
        public void remark(long nowNanos, String text) {
            update(index, view().withRemark(text));
        }

        @Override
        public void suspect(long nowNanos, String reason) {
            update(index, view().withLiveness(Liveness.SUSPECT, nowNanos, reason));
        }

        @Override
        public void down(long nowNanos, String reason) {
            InstanceView before = view();
            update(index, before.withLiveness(Liveness.DOWN, nowNanos, reason));
            if (mayHaveSessions(before)) {
                tellSessionsLost(before, reason);
            }
        }

        @Override
        public void postmasterChanged(long nowNanos, String reason) {
            InstanceView before = view();
            // Nothing but the generation moves: it is the border between the old postmaster's sessions and the new
            // one's.
            update(index, before);
            tellSessionsLost(before, reason);
        }
    }
}
