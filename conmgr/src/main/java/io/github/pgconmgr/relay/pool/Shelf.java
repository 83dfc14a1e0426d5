package io.github.pgconmgr.relay.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Cached server connections of one worker, or of all of them, the one that was put in first at the front. Confined to the relay's loop.
 */
final class Shelf {

    private final List<Pooled> entries = new ArrayList<>(1);

    int size() {
        return entries.size();
    }

    boolean has(PoolKey key) {
        return indexOf(key) >= 0;
    }

    /** The one that was used last, as its server process is the warmest. */
    @Nullable
    Pooled take(PoolKey key) {
        int index = indexOf(key);
        return index < 0 ? null : entries.remove(index);
    }

    private int indexOf(PoolKey key) {
        for (int index = entries.size() - 1; index >= 0; index--) {
            // The same object most often, which Objects looks at first.
            if (Objects.equals(entries.get(index).key(), key)) {
                return index;
            }
        }
        return -1;
    }

    void put(Pooled pooled, long nowNanos) {
        entries.add(pooled);
        pooled.onCached(nowNanos);
    }

    boolean remove(Pooled pooled) {
        return entries.removeIf(entry -> entry == pooled);
    }

    /** The one that has lain here for longest. */
    void dropOldest(String reason, long nowNanos) {
        entries.remove(0).drop(reason, nowNanos);
    }

    /** Those that have lain here for so long. */
    void dropIdle(long limitNanos, String reason, long nowNanos) {
        dropIf(entry -> nowNanos - entry.cachedNanos() >= limitNanos, reason, nowNanos);
    }

    /** Those that have existed for so long. */
    void dropOld(long limitNanos, String reason, long nowNanos) {
        dropIf(entry -> nowNanos - entry.openedNanos() >= limitNanos, reason, nowNanos);
    }

    /** Out of the shelf first: who is dropped may look. */
    void dropIf(Predicate<Pooled> condition, String reason, long nowNanos) {
        if (entries.isEmpty()) {
            return;
        }
        List<Pooled> dropped = entries.stream().filter(condition).toList();
        entries.removeAll(dropped);
        dropped.forEach(entry -> entry.drop(reason, nowNanos));
    }

    void forEach(Consumer<Pooled> action) {
        entries.forEach(action);
    }
}
