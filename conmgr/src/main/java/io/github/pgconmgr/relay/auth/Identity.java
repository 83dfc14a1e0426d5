package io.github.pgconmgr.relay.auth;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who a client has proven to be, and by what conmgr can log in at a server in its name. Two of them are equal if both clients proved
 * the same: the same user by the same entry of {@code auth_file} or answer of {@code auth_query}, or none of them anything. After a change of
 * the password they are not, so a cached server connection of before is not handed out any more (ADR 9).
 *
 * <p>Immutable; prints the user name alone.
 */
public final class Identity {

    private final String user;
    private final boolean proven;
    private final @Nullable StoredPassword password;
    private final @Nullable SecretBytes clientKey;

    private Identity(String user, boolean proven, @Nullable StoredPassword password, @Nullable SecretBytes clientKey) {
        this.user = user;
        this.proven = proven;
        this.password = password;
        this.clientKey = clientKey;
    }

    /** Nobody asked for a proof ({@code auth_type = trust}); conmgr's own look-ups log in like this, too. */
    static Identity trusted(String user, @Nullable StoredPassword password) {
        return new Identity(user, false, password, null);
    }

    /** The client knows the password. */
    static Identity proven(String user, StoredPassword password) {
        return new Identity(user, true, password, null);
    }

    /** The client knows the password of a verifier; its proof gave the ClientKey. */
    static Identity proven(String user, StoredPassword.Scram password, SecretBytes clientKey) {
        return new Identity(user, true, password, clientKey);
    }

    /** The user name, as in the start-up packet. */
    public String user() {
        return user;
    }

    @Nullable
    StoredPassword password() {
        return password;
    }

    @Nullable
    SecretBytes clientKey() {
        return clientKey;
    }

    /** Compares secrets in a time that tells nothing. The ClientKey needs no comparing: there is one for a verifier. */
    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        return other instanceof Identity identity
                && user.equals(identity.user)
                && proven == identity.proven
                && Objects.equals(password, identity.password);
    }

    @Override
    public int hashCode() {
        return user.hashCode();
    }

    @Override
    public String toString() {
        return user;
    }
}
