package io.github.pgconmgr.watchdog.peer;

import java.util.Collection;

/**
 * May the sessions from a dead conmgr's address end while other conmgrs live at the same address? (ADR 1, "Shared addresses")
 * Stateless.
 */
public final class SharedAddress {

    private SharedAddress() {}

    /** {@code watchdog.shared_address}: what happens if another machine lives at the address. */
    public enum Rule {
        SPARE,
        END
    }

    /**
     * The answer. Immutable.
     *
     * @param ends whether sessions end
     * @param spareSinceNanos if they end: those that started since then do not
     * @param level how loud the reason is told
     * @param because a sentence for the log, empty if there is no other peer
     */
    public record Verdict(boolean ends, long spareSinceNanos, LogLevel level, String because) {}

    /**
     * Decides.
     *
     * @param others the rows that are not overdue, of this address at least; those of other addresses are passed over
     */
    public static Verdict decide(Peer dead, Collection<Peer> others, Rule rule, long nowNanos) {
        long spareSince = nowNanos;
        Peer stranger = null;
        Peer newerBoot = null;
        for (Peer other : others) {
            if (other == dead || !other.address().equals(dead.address())) {
                continue;
            }
            if (other.host().sameBoot(dead.host())) {
                return new Verdict(false, nowNanos, LogLevel.LOG, other + " lives on the same host: nothing ends");
            }
            if (isKnownOtherBoot(dead, other)) {
                newerBoot = other;
                spareSince = earlier(spareSince, other.knownSinceNanos());
            } else {
                stranger = other;
            }
        }
        if (stranger != null && rule == Rule.SPARE) {
            return new Verdict(
                    false,
                    nowNanos,
                    LogLevel.WARNING,
                    stranger + " lives at the same address, maybe on another machine: nothing ends"
                            + " (watchdog.shared_address)");
        }
        String because = newerBoot == null ? "" : newerBoot + " is the same machine, booted since: older sessions end";
        return new Verdict(true, spareSince, LogLevel.LOG, because);
    }

    /** The HELLO of an adopted row came before our time, so nobody can say which sessions are older: then it is a stranger. */
    private static boolean isKnownOtherBoot(Peer dead, Peer other) {
        boolean bootsKnown =
                !dead.host().bootId().isEmpty() && !other.host().bootId().isEmpty();
        return other.host().sameMachine(dead.host()) && bootsKnown && !other.isAdopted();
    }

    private static long earlier(long a, long b) {
        return a - b < 0 ? a : b;
    }
}
