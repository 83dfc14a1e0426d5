package io.github.pgconmgr.relay.auth;

/** What {@code auth_query} says about a user. Immutable. */
public sealed interface LookedUp {

    /** This is what is known of its password. */
    record Found(StoredPassword password) implements LookedUp {}

    /** There is no such user, or it may not log in. */
    record Unknown() implements LookedUp {}

    /**
     * It could not be asked.
     *
     * @param reason for the log; lower case, no full stop
     */
    record Failed(String reason) implements LookedUp {}
}
