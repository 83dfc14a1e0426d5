package io.github.pgconmgr.faults;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the applications have seen, from the lines of the load: sessions and how they ended, what was acknowledged. A
 * functional core: lines go in.
 *
 * <p>Confined to one thread.
 */
final class Ledger {

    /** A transfer: whose, and its number. Immutable. */
    record Transfer(String worker, long number) {}

    private final List<Session> sessions = new ArrayList<>();
    private final Map<String, Session> open = new HashMap<>();
    private final Map<String, Session> lastLost = new HashMap<>();
    private final Map<String, Long> lastWork = new HashMap<>();
    private final Set<Transfer> acknowledged = new HashSet<>();
    private final Set<Transfer> unknown = new HashSet<>();
    private final List<LoadEvent> refusals = new ArrayList<>();
    private final List<String> wrongSums = new ArrayList<>();
    private final Map<String, String> serverNames;
    private final Set<String> deadHosts = new HashSet<>();

    /**
     * @param serverNames the instances' hosts by their addresses
     */
    Ledger(Map<String, String> serverNames) {
        this.serverNames = Map.copyOf(serverNames);
    }

    /** The next event of that application host. */
    void add(String host, LoadEvent event) {
        switch (event.what()) {
            case CONNECTED -> connected(host, event);
            case ACKNOWLEDGED -> {
                acknowledged.add(new Transfer(event.worker(), Long.parseLong(event.detail(0))));
                worked(event);
            }
            case READ -> {
                if (!event.detail(0).equals("0")) {
                    wrongSums.add(event.worker() + " read a sum of " + event.detail(0));
                }
                worked(event);
            }
            case ERROR -> failed(event);
        }
    }

    private void connected(String host, LoadEvent event) {
        String server = serverNames.getOrDefault(event.detail(0), event.detail(0));
        Session session = new Session(event.worker(), host, server, event.detail(1), event.endNanos());
        sessions.add(session);
        open.put(event.worker(), session);
    }

    private void worked(LoadEvent event) {
        lastWork.put(event.worker(), event.endNanos());
        Session lost = lastLost.remove(event.worker());
        if (lost != null) {
            lost.resumed(event.endNanos());
        }
    }

    private void failed(LoadEvent event) {
        String phase = event.detail(1);
        if (phase.equals("connect")) {
            refusals.add(event);
            return;
        }
        // Only the answer to COMMIT was lost if the error came there; before it nothing was committed.
        if (phase.equals("commit")) {
            unknown.add(new Transfer(event.worker(), Long.parseLong(event.detail(2))));
        }
        Session session = open.remove(event.worker());
        if (session != null) {
            session.ended(new Session.End(event.endNanos(), event.detail(0), event.details()));
            lastLost.put(event.worker(), session);
        }
    }

    /** The load of that host was killed: its transfers that were under way are unknown, its sessions have nobody. */
    void applicationsDied(String host) {
        open.values().removeIf(session -> {
            if (session.host().equals(host)) {
                session.applicationDied();
                return true;
            }
            return false;
        });
        lastLost.values().removeIf(session -> session.host().equals(host));
        lastWork.keySet().removeIf(worker -> worker.startsWith(host));
        deadHosts.add(host);
    }

    /** Whether a transfer that nobody acknowledged may be there all the same. */
    boolean mayBeThere(Transfer transfer) {
        return unknown.contains(transfer)
                || deadHosts.stream().anyMatch(host -> transfer.worker().startsWith(host));
    }

    /** What was acknowledged. */
    Set<Transfer> acknowledged() {
        return acknowledged;
    }

    /** What was acknowledged up to these numbers, by worker, is checked for good and forgotten. */
    void close(Map<String, Long> upTo) {
        acknowledged.removeIf(transfer -> transfer.number() <= upTo.getOrDefault(transfer.worker(), -1L));
    }

    /** Those whose answer to COMMIT was lost, and nobody knows. */
    Set<Transfer> unknown() {
        return unknown;
    }

    /** Every session since the last {@link #forgetEnded}. */
    List<Session> sessions() {
        return sessions;
    }

    /** Sessions that their applications have now. */
    Collection<Session> open() {
        return open.values();
    }

    /** Attempts to connect that failed. */
    List<LoadEvent> refusals() {
        return refusals;
    }

    /** Readers that saw money come or go. */
    List<String> wrongSums() {
        return wrongSums;
    }

    /** Workers of that host that have had work done later than that. */
    long workersSince(String host, long nanos) {
        return lastWork.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(host + "-") && entry.getValue() - nanos > 0)
                .count();
    }

    /** A new round: the open sessions stay, what is over is forgotten. */
    void forgetEnded() {
        sessions.removeIf(session -> !session.isOpen());
        refusals.clear();
        lastLost.clear();
    }
}
