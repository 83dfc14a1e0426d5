package io.github.pgconmgr.heartbeat;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of a name's addresses an attempt takes: the one that worked last as long as it works, else the next. A name that has
 * come to mean other addresses is followed.
 *
 * <p>Confined to its owner: the heartbeat loop, or the one task that connects for a check.
 */
public final class AddressChoice {

    private @Nullable InetAddress last;

    /** The address of the last attempt, or null before the first. */
    @Nullable
    public InetAddress last() {
        return last;
    }

    /**
     * Chooses for a new attempt.
     *
     * @param addresses what the name means now, not empty
     * @param tryNext whether to go on to the next address, as the attempt before this one failed
     */
    public InetAddress choose(List<InetAddress> addresses, boolean tryNext) {
        int index = last == null ? -1 : addresses.indexOf(last);
        InetAddress chosen;
        if (index < 0) {
            chosen = addresses.get(0);
        } else {
            chosen = addresses.get(tryNext ? (index + 1) % addresses.size() : index);
        }
        last = chosen;
        return chosen;
    }
}
