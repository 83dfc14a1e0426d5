package io.github.pgconmgr.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What holds in every round, whatever the fault: nothing that was alive was cut, nothing dead was kept, no acknowledged
 * commit is lost or doubled. A functional core. Immutable: no state.
 */
final class Invariants {

    /** Longer lists help nobody. */
    private static final int SHOWN = 5;

    private Invariants() {}

    /**
     * Judges the sessions of a round.
     *
     * @param ends the pairs whose sessions had to end, hosts by name
     * @param mayEnd the pairs whose sessions were allowed to
     * @param breakNanos the moment of the fault: sessions that began later may end like those of their pair
     */
    static List<String> ofSessions(List<Session> sessions, Set<Pair> ends, Set<Pair> mayEnd, long breakNanos) {
        List<String> violations = new ArrayList<>();
        for (Session session : sessions) {
            Pair pair = new Pair(session.host(), session.server());
            boolean old = session.sinceNanos() - breakNanos <= 0;
            if (session.end() != null && !ends.contains(pair) && !mayEnd.contains(pair)) {
                violations.add(
                        "alive, but cut: " + session + ": " + session.end().text());
            }
            if (session.isOpen() && old && ends.contains(pair)) {
                violations.add("dead, but kept: " + session);
            }
        }
        return shortened(violations);
    }

    /** Compares what the applications have with what the instances have: {@code server backend-pid} each. */
    static List<String> ofLeaks(Set<String> applications, Set<String> instances) {
        Set<String> leaked = new TreeSet<>(instances);
        leaked.removeAll(applications);
        Set<String> missing = new TreeSet<>(applications);
        missing.removeAll(instances);
        List<String> violations = new ArrayList<>();
        leaked.forEach(each -> violations.add("leaked: session " + each + " has no application"));
        missing.forEach(each -> violations.add("missing: session " + each + " is not at the instance"));
        return shortened(violations);
    }

    /**
     * Compares the bank's books with what the applications were told.
     *
     * @param booked every transfer in the books, twice if it is there twice
     * @param mayBeThere those whose answer was lost
     */
    static List<String> ofBooks(
            Set<Ledger.Transfer> acknowledged, List<Ledger.Transfer> booked, Predicate<Ledger.Transfer> mayBeThere) {
        List<String> violations = new ArrayList<>();
        Set<Ledger.Transfer> seen = new java.util.HashSet<>();
        for (Ledger.Transfer transfer : booked) {
            if (!seen.add(transfer)) {
                violations.add("doubled: " + transfer);
            } else if (!acknowledged.contains(transfer) && !mayBeThere.test(transfer)) {
                violations.add("booked, but failed before its commit: " + transfer);
            }
        }
        for (Ledger.Transfer transfer : acknowledged) {
            if (!seen.contains(transfer)) {
                violations.add("acknowledged, but lost: " + transfer);
            }
        }
        return shortened(violations);
    }

    private static List<String> shortened(List<String> violations) {
        if (violations.size() <= SHOWN) {
            return violations;
        }
        List<String> some = new ArrayList<>(violations.subList(0, SHOWN));
        some.add("... and " + (violations.size() - SHOWN) + " more");
        return some;
    }
}
