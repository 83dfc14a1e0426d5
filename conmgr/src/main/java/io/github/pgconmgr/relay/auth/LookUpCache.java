package io.github.pgconmgr.relay.auth;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers of {@code auth_query}, for a short while: a crowd of clients that connect at once asks once. A user that is not there is kept
 * as well, so that guessing names costs the server no more than that.
 *
 * <p>Confined to the relay loop.
 */
public final class LookUpCache {

    /** How long an answer holds: so long may a changed password, or a dropped user, be seen as it was. */
    public static final long LIFE_NANOS = 5_000_000_000L;

    static final int MAX_USERS = 1024;

    private record Entry(LookedUp answer, long sinceNanos) {}

    private final Map<String, Entry> byUser = new LinkedHashMap<>();

    LookUpCache() {}

    /** Null if it must be asked. */
    public @Nullable LookedUp find(String user, long nowNanos) {
        Entry entry = byUser.get(user);
        return entry == null || nowNanos - entry.sinceNanos >= LIFE_NANOS ? null : entry.answer;
    }

    /** Keeps an answer; not a failure. */
    public void add(String user, LookedUp answer, long nowNanos) {
        if (answer instanceof LookedUp.Failed) {
            return;
        }
        byUser.remove(user);
        byUser.put(user, new Entry(answer, nowNanos));
        if (byUser.size() > MAX_USERS) {
            byUser.remove(byUser.keySet().iterator().next());
        }
    }

    void forget(String user) {
        byUser.remove(user);
    }

    void clear() {
        byUser.clear();
    }
}
