package io.github.pgconmgr.frontend;

import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.util.Map;

/**
 * One redirected session, for {@code cm_ctl status}. Immutable.
 *
 * @param client address and port of the driver's socket
 * @param details what the driver told of itself: application_name, pid, driver
 * @param sinceNanos monotonic time of the redirect
 */
public record SessionInfo(
        String client, int instanceNumber, TargetAttribute target, Map<String, String> details, long sinceNanos) {

    /** Copies the details. */
    public SessionInfo {
        details = Map.copyOf(details);
    }
}
