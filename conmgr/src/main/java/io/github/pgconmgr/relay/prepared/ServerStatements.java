package io.github.pgconmgr.relay.prepared;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is prepared on one server connection, the one not used for longest first. Confined to the relay's loop; belongs to the server
 * connection.
 */
public final class ServerStatements {

    private final PreparedStatements all;

    /** Each with the epoch in which it was prepared. */
    private final Map<Statement, Integer> byUse = new LinkedHashMap<>(16, 0.75f, true);

    private int epoch;

    ServerStatements(PreparedStatements all) {
        this.all = all;
    }

    /** Whether it is there; it counts as used now. */
    boolean use(Statement statement) {
        return byUse.get(statement) != null;
    }

    /** Whether the server said since it was prepared that something prepared does not fit its tables any more. */
    boolean isStale(Statement statement) {
        Integer prepared = byUse.get(statement);
        return prepared != null && prepared != epoch;
    }

    /** A table has changed, so that a statement gives other columns than when it was prepared: which one is not known. */
    void onTableChanged() {
        epoch++;
    }

    /** What has to be closed before another one is prepared; null if there is room. */
    @Nullable
    Statement oldestIfFull() {
        return byUse.size() < all.perServer() ? null : byUse.keySet().iterator().next();
    }

    void add(Statement statement) {
        if (byUse.put(statement, epoch) == null) {
            statement.hold();
        }
    }

    void remove(Statement statement) {
        if (byUse.remove(statement) != null) {
            statement.release();
        }
    }

    /** All are gone: the connection has ended, or was reset by DISCARD ALL or DEALLOCATE ALL. */
    public void clear() {
        for (Statement statement : new ArrayList<>(byUse.keySet())) {
            remove(statement);
        }
    }

    /** How many, to be shown. */
    public int size() {
        return byUse.size();
    }
}
