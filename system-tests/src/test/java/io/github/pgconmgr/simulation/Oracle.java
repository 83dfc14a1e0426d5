package io.github.pgconmgr.simulation;

import io.github.pgconmgr.testkit.sim.SimHost;
import io.github.pgconmgr.testkit.sim.SimTime;
import io.github.pgconmgr.topology.Liveness;
import io.github.pgconmgr.watchdog.peer.Judgement;
import io.github.pgconmgr.watchdog.peer.Peer;
import io.github.pgconmgr.watchdog.peer.PeerRow;
import io.github.pgconmgr.watchdog.peer.PeerState;
import io.github.pgconmgr.wire.Id128;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Knows the truth, from what reached the kernels, and holds the programs against it (ADR 1, death.md: "Premise of the
 * guarantees"). Confined to the simulation.
 */
final class Oracle {

    /** "One tick": the simulated loops are woken exactly, so this is for the rounding of times alone. */
    private static final long TICK_NANOS = 2_000_000;

    private static final int TRACE_LINES = 60;

    private record Sender(SimInstance instance, String host, String boot) {}

    private record Receiver(SimConmgr conmgr, int instance) {}

    private record Known(String host, String boot, HeartbeatSettings settings) {}

    private record Expected(SimInstance instance, Id128 conmgrId) {}

    private final SimTime time;
    private final String title;
    private final Map<Sender, Long> watchdogHeard = new HashMap<>();
    private final Map<Receiver, Long> conmgrHeard = new HashMap<>();
    private final Map<Id128, Known> conmgrs = new HashMap<>();
    private final Map<Expected, Long> adoptions = new HashMap<>();
    private final Deque<String> trace = new ArrayDeque<>();
    private long longestGapNanos;
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
        trace.addLast(String.format("%12.6f %s", time.sinceStart() / 1e9, line));
    }

    private void require(boolean holds, String invariant) {
        if (!holds) {
            throw new AssertionError(title + " at " + time.sinceStart() / 1e9 + " s: " + invariant + "\n"
                    + String.join("\n", trace));
        }
    }

    // What happens, as the kernels see it.

    void onConmgrStart(Id128 id, SimHost host, HeartbeatSettings settings) {
        conmgrs.put(id, new Known(host.name(), bootId(host), settings));
        trace(host.name() + " conmgr " + id + " starts " + settings);
    }

    void onConmgrEnd(SimConmgr conmgr) {
        conmgrHeard.keySet().removeIf(receiver -> receiver.conmgr == conmgr);
        trace(conmgr.host().name() + " conmgr ends");
    }

    void onWatchdogHeard(SimInstance instance, String host, String boot) {
        Sender sender = new Sender(instance, host, boot);
        Long before = watchdogHeard.put(sender, time.nanoTime());
        if (before != null) {
            longestGapNanos = Math.max(longestGapNanos, time.nanoTime() - before);
        }
    }

    void onConmgrHeard(SimConmgr conmgr, int instance) {
        conmgrHeard.put(new Receiver(conmgr, instance), time.nanoTime());
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
                long grace = row.settings().intervalNanos();
                long due = time.nanoTime() + row.settings().timeoutNanos() + grace + TICK_NANOS;
                adoptions.put(new Expected(instance, row.conmgrId()), due);
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
        adoptions.remove(new Expected(instance, judgement.conmgrId()));
        Known known = conmgrs.get(judgement.conmgrId());
        require(known != null, "a conmgr that never was is judged dead");
        trace(instance.name() + " judges " + known.host + " dead: " + judgement.reason());
        Long heard = watchdogHeard.get(new Sender(instance, known.host, known.boot));
        if (judgement.reason() != Judgement.Reason.GOODBYE && heard != null) {
            long gap = time.nanoTime() - heard;
            require(
                    gap > known.settings.timeoutNanos(),
                    "premise: " + known.host + " was judged dead by " + instance.name() + " (" + judgement.reason()
                            + ") with a gap of " + gap + " ns");
        }
    }

    void onDown(SimConmgr conmgr, int instance, String reason) {
        downs++;
        Long heard = conmgrHeard.get(new Receiver(conmgr, instance));
        if (reason.startsWith("no heartbeat") && heard != null) {
            long gap = time.nanoTime() - heard;
            require(
                    gap > conmgr.config().settings().timeoutNanos(),
                    "premise: instance " + instance + " was taken for dead by " + conmgr.host().name()
                            + " with a gap of " + gap + " ns");
        }
    }

    void onVictim(SimInstance instance, SimSession session, long judgedNanos) {
        victims++;
        require(
                session.startNanos - judgedNanos < 0,
                "a session of " + session.client.name() + " on " + instance.name() + " is younger than its judgement");
    }

    void onRoute(SimConmgr conmgr, SimLink link) {
        require(
                link.core().liveness() == Liveness.ALIVE,
                conmgr.host().name() + " routed to instance " + link.number() + ", which is " + link.core().liveness());
    }

    // What must hold after every step.

    void check(List<SimInstance> instances, Iterable<SimConmgr> living) {
        long now = time.nanoTime();
        for (SimInstance instance : instances) {
            SimWatchdog watchdog = instance.watchdog();
            if (watchdog != null && !watchdog.isStalled()) {
                watchdog.table().peers().forEach(peer -> checkPeer(instance, watchdog, peer, now));
                checkAdoptions(instance, watchdog, now);
            }
        }
        for (SimConmgr conmgr : living) {
            if (!conmgr.isStalled()) {
                conmgr.links().forEach(link -> checkLink(conmgr, link, now));
            }
        }
    }

    private void checkPeer(SimInstance instance, SimWatchdog watchdog, Peer peer, long now) {
        if (peer.state() == PeerState.ADOPTED) {
            return; // checkAdoptions
        }
        Long heard = watchdogHeard.get(new Sender(instance, peer.host().machineId(), peer.host().bootId()));
        if (heard == null || !peer.state().isArmed()) {
            return;
        }
        long interval = peer.settings().intervalNanos();
        long stall = watchdog.hasStalledSince(heard) ? interval : 0;
        long grace = peer.state() == PeerState.GRACE ? interval : 0;
        long bound = heard + peer.settings().timeoutNanos() + stall + grace + TICK_NANOS;
        require(
                now - bound <= 0,
                instance.name() + " still takes " + peer + " for " + peer.state() + " " + (now - heard)
                        + " ns after its last frame");
    }

    private void checkAdoptions(SimInstance instance, SimWatchdog watchdog, long now) {
        for (Iterator<Map.Entry<Expected, Long>> each = adoptions.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<Expected, Long> entry = each.next();
            Known known = conmgrs.get(entry.getKey().conmgrId);
            if (entry.getKey().instance != instance || known == null) {
                continue;
            }
            long stall = watchdog.hasStalledSince(entry.getValue() - known.settings.timeoutNanos())
                    ? 2 * known.settings.intervalNanos()
                    : 0;
            require(
                    now - (entry.getValue() + stall) <= 0,
                    instance.name() + " has forgotten " + known.host + ", which it knew before its worker restarted");
        }
    }

    private void checkLink(SimConmgr conmgr, SimLink link, long now) {
        Liveness liveness = link.core().liveness();
        if (liveness == Liveness.DOWN) {
            require(
                    conmgr.untoldClients(link.number()) == 0,
                    "clients of " + conmgr.host().name() + " were not told that instance " + link.number() + " is down");
        }
        Long heard = conmgrHeard.get(new Receiver(conmgr, link.number()));
        if (heard == null || (liveness != Liveness.ALIVE && liveness != Liveness.SUSPECT)) {
            return;
        }
        HeartbeatSettings settings = conmgr.config().settings();
        long stall = conmgr.hasStalledSince(heard) ? settings.intervalNanos() : 0;
        require(
                now - (heard + settings.timeoutNanos() + stall + TICK_NANOS) <= 0,
                conmgr.host().name() + " still takes instance " + link.number() + " for " + liveness + " "
                        + (now - heard) + " ns after its last frame");
    }

    void requireAtTheEnd(boolean holds, String invariant) {
        require(holds, "the picture does not converge: " + invariant);
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
