package io.github.pgconmgr.simulation;

import io.github.pgconmgr.testkit.sim.SimTime;
import io.github.pgconmgr.topology.TimelineMemory;
import io.github.pgconmgr.topology.TimelineRecord;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The conmgr directory of a host: what outlives its conmgr, after a disk's time. Confined to the simulation. */
final class SimDirectory {

    private static final long SLOWEST_DISK_NANOS = 200_000_000;

    private final SimTime time;
    private @Nullable TimelineRecord kept;
    private long newest;

    SimDirectory(SimTime time) {
        this.time = time;
    }

    @Nullable
    TimelineRecord kept() {
        return kept;
    }

    /** The memory of one run: what it has not written when it ends, it never writes. */
    TimelineMemory memoryOf(SimConmgr conmgr) {
        return (record, whenKept) -> keep(conmgr, record, whenKept);
    }

    private void keep(SimConmgr conmgr, @Nullable TimelineRecord record, Consumer<@Nullable TimelineRecord> whenKept) {
        newest++;
        long mine = newest;
        time.after(time.upTo(SLOWEST_DISK_NANOS), () -> {
            if (mine == newest && conmgr.isAlive()) {
                kept = record;
                conmgr.post(() -> whenKept.accept(record));
            }
        });
    }
}
