package io.github.pgconmgr.topology;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what the fencing knows beyond the life of the process (ADR 8). Called on the heartbeat loop.
 */
@FunctionalInterface
public interface TimelineMemory {

    /** Remembers nothing. */
    TimelineMemory NONE = (record, whenKept) -> whenKept.accept(record);

    /**
     * Keeps a record instead of the one before; must not block. A record that a newer one overtakes may never be kept.
     *
     * @param record null to forget
     * @param whenKept called on the heartbeat loop, maybe before this returns, as soon as the record outlives the process, or as
     *     soon as that has failed or takes too long: a broken disk must not keep a primary from its applications
     */
    void keep(@Nullable TimelineRecord record, Consumer<@Nullable TimelineRecord> whenKept);
}
