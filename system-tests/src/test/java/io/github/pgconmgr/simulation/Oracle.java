package io.github.pgconmgr.simulation;

import io.github.pgconmgr.testkit.sim.SimHost;
import io.github.pgconmgr.testkit.sim.SimTime;
import io.github.pgconmgr.topology.InstanceFacts;
import io.github.pgconmgr.topology.InstanceView;
import io.github.pgconmgr.topology.Liveness;
import io.github.pgconmgr.watchdog.peer.Judgement;
import io.github.pgconmgr.watchdog.peer.Peer;
import io.github.pgconmgr.watchdog.peer.PeerRow;
import io.github.pgconmgr.watchdog.peer.PeerState;
import io.github.pgconmgr.wire.Id128;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Knows the truth, from what reached the kernels, and holds the programs against it (ADR 1, death.md: "Premise of the
 * guarantees"). Confined to the simulation.
 */
final class Oracle {

    /** "One tick": the simulated loops are woken exactly, so this is for the rounding of times alone. */
    private static final long TICK_NANOS = 2_000_000;

    private static final int TRACE_LINES = 40;

    private record Sender(SimInstance instance, String host, String boot) {}

    private record Receiver(SimConmgr conmgr, int instance) {}

    /** A conmgr, and the most lenient and the strictest settings that it has had. */
    private record Known(String host, String boot, long shortestNanos, long longestNanos) {
        Known with(HeartbeatSettings settings) {
            return new Known(
                    host,
                    boot,
                    Math.min(shortestNanos, settings.timeoutNanos()),
                    // GRACE may add an interval.
                    Math.max(longestNanos, settings.timeoutNanos() + settings.intervalNanos()));
        }
    }

    /** A kernel's last frame, and how long its process had been stalled in all by then. */
    private record Heard(long at, long stalledNanos) {}

    private record Expected(SimInstance instance, Id128 conmgrId) {}

    private final SimTime time;
    private final String title;
    private final Map<Sender, Heard> watchdogHeard = new HashMap<>();
    private final Map<Sender, Id128> lastSpeakers = new HashMap<>();
    private final Map<Receiver, Heard> conmgrHeard = new HashMap<>();
    private final Map<Receiver, HeartbeatSettings> agreed = new HashMap<>();
    private final Map<Id128, Known> conmgrs = new HashMap<>();
    private final Map<Expected, Heard> adoptions = new HashMap<>();
    private final Set<Id128> impostors = new HashSet<>();
    private final Map<Receiver, Heard> sqlHeard = new HashMap<>();
    private final Deque<String> trace = new ArrayDeque<>();
    private long longestGapNanos;
    private final Map<String, Integer> routedTimelines = new HashMap<>();
    private int primaryRoutes;
    private int judgements;
    private int downs;
    private int victims;

    /**
     * @param title names the seed in every failure
     */
    Oracle(SimTime time, String title) {
        this.time = time;
        this.title = title;
    }

    static String bootId(SimHost host) {
        return host.name() + "/" + host.boot();
    }

    void trace(String line) {
        if (trace.size() == TRACE_LINES) {
            trace.removeFirst();
        }
        trace.addLast(String.format(Locale.ROOT, "%12.6f %s", time.sinceStart() / 1e9, line));
    }

    private void require(boolean holds, String invariant) {
        require(holds, () -> invariant);
    }

    /** With words that are put together only if they are needed: most invariants are looked at after every step. */
    private void require(boolean holds, Supplier<String> invariant) {
        if (!holds) {
            throw new AssertionError(title + " at " + time.sinceStart() / 1e9 + " s: " + invariant.get() + "\n"
                    + String.join("\n", trace));
        }
    }

    // What happens, as the kernels see it.

    void onConmgrStart(SimConmgr conmgr) {
        SimHost host = conmgr.host();
        HeartbeatSettings settings = conmgr.config().settings();
        conmgrs.put(conmgr.id(), new Known(host.name(), bootId(host), Long.MAX_VALUE, 0).with(settings));
        if (!conmgr.knowsTheSecret()) {
            impostors.add(conmgr.id());
        }
        trace(conmgr.name() + " conmgr " + conmgr.id() + " starts " + settings);
    }

    /** Whether a watchdog may take that conmgr's frames for a sign of life. */
    boolean isBelieved(Id128 id) {
        return !impostors.contains(id);
    }

    void onSqlHeard(SimConmgr conmgr, int instance) {
        sqlHeard.put(new Receiver(conmgr, instance), new Heard(time.nanoTime(), conmgr.stalledNanos()));
    }

    void onReload(Id128 id, HeartbeatSettings settings) {
        conmgrs.computeIfPresent(id, (key, known) -> known.with(settings));
        trace("conmgr " + id + " is reloaded " + settings);
    }

    void onConmgrEnd(SimConmgr conmgr) {
        conmgrHeard.keySet().removeIf(receiver -> receiver.conmgr == conmgr);
        sqlHeard.keySet().removeIf(receiver -> receiver.conmgr == conmgr);
        agreed.keySet().removeIf(receiver -> receiver.conmgr == conmgr);
        trace(conmgr.name() + " conmgr ends");
    }

    void onWatchdogHeard(SimInstance instance, String host, String boot, Id128 conmgrId) {
        Sender sender = new Sender(instance, host, boot);
        lastSpeakers.put(sender, conmgrId);
        Heard before = watchdogHeard.put(sender, heardNow(instance));
        if (before != null) {
            longestGapNanos = Math.max(longestGapNanos, time.nanoTime() - before.at);
        }
    }

    /**
     * @param settings what both sides have agreed on with this frame; null with an ordinary one
     */
    void onConmgrHeard(SimConmgr conmgr, int instance, @Nullable HeartbeatSettings settings) {
        if (settings != null) {
            agreed.put(new Receiver(conmgr, instance), settings);
        }
        conmgrHeard.put(new Receiver(conmgr, instance), new Heard(time.nanoTime(), conmgr.stalledNanos()));
    }

    /** Its last word: from here on it may be judged without a gap, by whichever row of that host is the last one. */
    void onStopSaid(SimInstance instance, String host, String boot) {
        watchdogHeard.remove(new Sender(instance, host, boot));
    }

    private Heard heardNow(SimInstance instance) {
        SimWatchdog watchdog = instance.watchdog();
        return new Heard(time.nanoTime(), watchdog == null ? 0 : watchdog.stalledNanos());
    }

    void onReturn(SimInstance instance, String host, String boot) {
        adoptions.keySet().removeIf(expected -> {
            Known known = conmgrs.get(expected.conmgrId);
            return expected.instance == instance && known != null && known.host.equals(host) && known.boot.equals(boot);
        });
    }

    void onWorkerStart(SimInstance instance, List<PeerRow> rows) {
        adoptions.keySet().removeIf(expected -> expected.instance == instance);
        for (PeerRow row : rows) {
            if (row.armed()) {
                adoptions.put(new Expected(instance, row.conmgrId()), heardNow(instance));
            }
        }
    }

    void onInstanceEnd(SimInstance instance) {
        adoptions.keySet().removeIf(expected -> expected.instance == instance);
        watchdogHeard.keySet().removeIf(sender -> sender.instance == instance);
        trace(instance.name() + " instance ends");
    }

    // What the programs decide.

    void onJudgement(SimInstance instance, Judgement judgement) {
        judgements++;
        Known known = conmgrs.get(judgement.conmgrId());
        require(known != null, "a conmgr that never was is judged dead");
        onReturn(instance, known.host, known.boot); // or rather not: no other row of that host is waited for
        trace(instance.name() + " judges " + known.host + " dead: " + judgement.reason());
        Sender sender = new Sender(instance, known.host, known.boot);
        Heard heard = watchdogHeard.get(sender);
        if (judgement.reason() != Judgement.Reason.GOODBYE && heard != null) {
            long gap = time.nanoTime() - heard.at;
            // The row of a former conmgr of that host may outlive that of the one that spoke last.
            Known speaker = conmgrs.getOrDefault(lastSpeakers.get(sender), known);
            require(
                    gap > Math.min(known.shortestNanos, speaker.shortestNanos),
                    "premise: " + known.host + " was judged dead by " + instance.name() + " (" + judgement.reason()
                            + ") with a gap of " + gap + " ns");
        }
    }

    void onDown(SimConmgr conmgr, int instance, String reason) {
        downs++;
        Heard heard = conmgrHeard.get(new Receiver(conmgr, instance));
        Heard answered = sqlHeard.get(new Receiver(conmgr, instance));
        if (reason.startsWith("no answer to SQL") && answered != null) {
            long gap = time.nanoTime() - answered.at;
            require(
                    gap > conmgr.config().settings().timeoutNanos(),
                    "premise: instance " + instance + " was taken for dead by " + conmgr.name() + " " + gap
                            + " ns after it had answered to SQL");
        }
        if (reason.startsWith("no heartbeat") && heard != null) {
            long gap = time.nanoTime() - heard.at;
            require(
                    gap > conmgr.config().settings().timeoutNanos() && gap > agreedTimeoutNanos(conmgr, instance),
                    "premise: instance " + instance + " was taken for dead by "
                            + conmgr.host().name() + " with a gap of " + gap + " ns");
        }
    }

    private long agreedTimeoutNanos(SimConmgr conmgr, int instance) {
        HeartbeatSettings settings = agreed.get(new Receiver(conmgr, instance));
        return settings == null ? 0 : settings.timeoutNanos();
    }

    void onVictim(SimInstance instance, SimSession session, long judgedNanos) {
        victims++;
        require(
                session.startNanos - judgedNanos < 0,
                "a session of " + session.client.name() + " on " + instance.name() + " is younger than its judgement");
    }

    void onRoute(SimConmgr conmgr, int number, TargetAttribute target, InstanceState state) {
        String who = conmgr.name() + " routed to instance " + number;
        require(conmgr.liveness(number) == Liveness.ALIVE, who + ", which is " + conmgr.liveness(number));
        InstanceState bySql = conmgr.saidBySql(number);
        require(
                bySql == null || target != TargetAttribute.READ_WRITE || (!bySql.inRecovery() && !bySql.readOnly()),
                who + " a writer, and SQL said " + bySql);
        require(conmgr.knowsTheSecret() || bySql != null, who + ", whose watchdog it cannot have proven itself to");
        if (state.inRecovery()) {
            return;
        }
        for (InstanceView view : conmgr.topology().snapshot().instances()) {
            InstanceFacts facts = view.facts();
            require(
                    facts == null || facts.state().timeline() <= state.timeline(),
                    who + ", a primary on timeline " + state.timeline() + ", and knows of a newer one: " + facts);
        }
        // Whichever conmgr of that host it was: the timeline outlives the process (ADR 8).
        int newest = routedTimelines.merge(conmgr.name(), state.timeline(), Math::max);
        require(
                newest == state.timeline(),
                who + ", a stale primary on timeline " + state.timeline() + ", after one on timeline " + newest);
        primaryRoutes++;
    }

    // What must hold after every step.

    void check(List<SimInstance> instances, Iterable<SimConmgr> living) {
        for (SimInstance instance : instances) {
            SimWatchdog watchdog = instance.watchdog();
            if (watchdog != null && !watchdog.isBehind()) {
                watchdog.table().peers().forEach(peer -> checkPeer(instance, watchdog, peer));
                checkAdoptions(instance, watchdog);
            }
        }
        for (SimConmgr conmgr : living) {
            if (!conmgr.isBehind()) {
                conmgr.links().forEach(link -> checkLink(conmgr, link));
                conmgr.checks().forEach(check -> checkSql(conmgr, check));
            }
        }
    }

    /** Told within its timeout, its own stalls, and a tick. */
    private boolean isOverdue(Heard heard, long timeoutNanos, long stalledNanos) {
        long bound = heard.at + timeoutNanos + (stalledNanos - heard.stalledNanos) + TICK_NANOS;
        return time.nanoTime() - bound > 0;
    }

    private void checkPeer(SimInstance instance, SimWatchdog watchdog, Peer peer) {
        require(
                isBelieved(peer.conmgrId()),
                () -> instance.name() + " has a row of a conmgr that does not know the shared secret: " + peer);
        Heard heard = watchdogHeard.get(
                new Sender(instance, peer.host().machineId(), peer.host().bootId()));
        boolean adopted = adoptions.containsKey(new Expected(instance, peer.conmgrId()));
        if (heard == null || !peer.state().isArmed() || adopted) {
            return; // checkAdoptions looks at the adopted ones
        }
        long grace = peer.state() == PeerState.GRACE ? peer.settings().intervalNanos() : 0;
        require(
                !isOverdue(heard, peer.timeoutNanos() + grace, watchdog.stalledNanos()),
                () -> instance.name() + " still takes " + peer + " for " + peer.state() + " "
                        + (time.nanoTime() - heard.at) + " ns after its last frame");
    }

    private void checkAdoptions(SimInstance instance, SimWatchdog watchdog) {
        adoptions.entrySet().removeIf(adoption -> {
            Expected expected = adoption.getKey();
            Known known = conmgrs.get(expected.conmgrId);
            if (expected.instance != instance || known == null) {
                return false;
            }
            require(
                    !isOverdue(adoption.getValue(), longestOfHostNanos(instance, known), watchdog.stalledNanos()),
                    () -> instance.name() + " has forgotten " + known.host
                            + ", which it knew before its worker restarted");
            return isSpared(expected, known, watchdog);
        });
    }

    /** It is gone, and who lives at its address has another boot: nobody knows when an adopted row said HELLO. */
    private static boolean isSpared(Expected expected, Known known, SimWatchdog watchdog) {
        Collection<Peer> peers = watchdog.table().peers();
        return peers.stream().noneMatch(peer -> peer.conmgrId().equals(expected.conmgrId))
                && peers.stream()
                        .anyMatch(peer -> peer.host().machineId().equals(known.host)
                                && !peer.host().bootId().equals(known.boot));
    }

    /** Of all rows of that host that were adopted, as each spares it the judgement on the ones before. */
    private long longestOfHostNanos(SimInstance instance, Known one) {
        return adoptions.keySet().stream()
                .filter(expected -> expected.instance == instance)
                .map(expected -> conmgrs.getOrDefault(expected.conmgrId, one))
                .filter(known -> known.host.equals(one.host) && known.boot.equals(one.boot))
                .mapToLong(Known::longestNanos)
                .max()
                .orElse(one.longestNanos);
    }

    private void checkLink(SimConmgr conmgr, SimLink link) {
        Liveness liveness = link.core().liveness();
        if (liveness == Liveness.DOWN) {
            require(
                    conmgr.untoldClients(link.number()) == 0,
                    () -> "clients of " + conmgr.host().name() + " were not told that instance " + link.number()
                            + " is down");
        }
        Heard heard = conmgrHeard.get(new Receiver(conmgr, link.number()));
        if (heard == null || (liveness != Liveness.ALIVE && liveness != Liveness.SUSPECT)) {
            return;
        }
        require(
                !isOverdue(heard, conmgr.longestTimeoutNanos(), conmgr.stalledNanos()),
                () -> conmgr.host().name() + " still takes instance " + link.number() + " for " + liveness + " "
                        + (time.nanoTime() - heard.at) + " ns after its last frame");
    }

    /** An answer is at most one interval and a timeout old, and our own stalls. */
    private void checkSql(SimConmgr conmgr, SimCheck check) {
        Heard heard = sqlHeard.get(new Receiver(conmgr, check.number()));
        Liveness liveness = check.core().liveness();
        require(
                conmgr.knowsTheSecret()
                        || conmgr.links().stream().noneMatch(l -> l.core().liveness() == Liveness.ALIVE),
                () -> conmgr.name() + " believes a watchdog that it does not share a secret with");
        if (heard == null || (liveness != Liveness.ALIVE && liveness != Liveness.SUSPECT)) {
            return;
        }
        require(
                !isOverdue(heard, conmgr.longestTimeoutNanos() + conmgr.longestCheckNanos(), conmgr.stalledNanos()),
                () -> conmgr.name() + " still takes instance " + check.number() + " for " + liveness + " "
                        + (time.nanoTime() - heard.at) + " ns after its last answer to SQL");
    }

    void requireAtTheEnd(boolean holds, String invariant) {
        require(holds, "the picture does not converge: " + invariant);
    }

    int primaryRoutes() {
        return primaryRoutes;
    }

    int judgements() {
        return judgements;
    }

    int downs() {
        return downs;
    }

    int victims() {
        return victims;
    }

    long longestGapNanos() {
        return longestGapNanos;
    }
}
