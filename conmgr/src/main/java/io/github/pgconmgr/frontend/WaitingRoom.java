package io.github.pgconmgr.frontend;

import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * Applications whose question nobody fits yet ({@code route_wait}, or an LSN that nobody has replayed), in the order in which they came. Each is a connection as any
 * other, counts against {@code max_connections}, and leaves by itself when it ends.
 *
 * <p>Confined to the frontend loop, but for {@link #isOccupied}.
 */
final class WaitingRoom {

    /** One more is refused at once. */
    static final int MAX_WAITING = 10_000;

    /** One who waits; compared by identity. */
    static final class Guest {
        private final TargetAttribute target;
        private final long minLsn;
        private final Runnable lookAgain;

        /**
         * @param minLsn what a standby must have replayed, unsigned; 0 for nothing
         * @param lookAgain called when somebody fits; the guest then leaves, or stays if it was too late
         */
        Guest(TargetAttribute target, long minLsn, Runnable lookAgain) {
            this.target = target;
            this.minLsn = minLsn;
            this.lookAgain = lookAgain;
        }
    }

    private final Set<Guest> guests = new LinkedHashSet<>();
    private volatile boolean occupied;

    /** False if it is full. */
    boolean enter(Guest guest) {
        if (guests.size() >= MAX_WAITING) {
            return false;
        }
        guests.add(guest);
        occupied = true;
        return true;
    }

    void leave(Guest guest) {
        guests.remove(guest);
        occupied = !guests.isEmpty();
    }

    int size() {
        return guests.size();
    }

    /** Any thread. Who enters looks at the topology again afterwards, so that no change falls in between. */
    boolean isOccupied() {
        return occupied;
    }

    /**
     * Something has changed.
     *
     * @param reach up to which LSN an instance fits now, empty if none does; asked once for each attribute that somebody waits for
     */
    void onChange(Function<TargetAttribute, OptionalLong> reach) {
        Map<TargetAttribute, OptionalLong> reached = new EnumMap<>(TargetAttribute.class);
        for (Guest guest : List.copyOf(guests)) {
            OptionalLong lsn = reached.computeIfAbsent(guest.target, reach);
            if (lsn.isPresent() && Long.compareUnsigned(lsn.getAsLong(), guest.minLsn) >= 0) {
                guest.lookAgain.run();
            }
        }
    }
}
