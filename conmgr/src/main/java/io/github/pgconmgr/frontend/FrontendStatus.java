package io.github.pgconmgr.frontend;

import java.util.List;

/**
 * The front end at one moment. Immutable.
 *
 * @param connections open client connections, those included that have not said what they want yet
 * @param waiting of these, who waits until an instance fits
 * @param sessions redirected sessions, in no particular order
 */
public record FrontendStatus(int connections, int waiting, List<SessionInfo> sessions) {

    /** Copies the list. */
    public FrontendStatus {
        sessions = List.copyOf(sessions);
    }

    /** How many of the sessions were sent to that instance. */
    public long sessionsOf(int instanceNumber) {
        return sessions.stream()
                .filter(session -> session.instanceNumber() == instanceNumber)
                .count();
    }
}
