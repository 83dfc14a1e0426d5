package io.github.pgconmgr.relay.auth;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * The entry to this package: makes the logins of clients and at servers, and knows what they have in common. One per relay.
 *
 * <p>Confined to the relay loop.
 */
public final class Authenticator {

    private static final int MOCK_SECRET_BYTES = 32;

    private final RandomBytes random;
    private final byte[] ownMockSecret;
    private final FailedLogins failedLogins = new FailedLogins();
    private final LookUpCache lookUps = new LookUpCache();
    private AuthSettings settings;

    /** By these settings until the first {@link #reload}. */
    public Authenticator(AuthSettings settings, RandomBytes random) {
        this.settings = settings;
        this.random = random;
        this.ownMockSecret = random.next(MOCK_SECRET_BYTES);
    }

    /** For logins that begin from now on. */
    public void reload(AuthSettings changed) {
        settings = changed;
        lookUps.clear();
    }

    /** What holds now. */
    public AuthSettings settings() {
        return settings;
    }

    /**
     * The login of a client.
     *
     * @param user as in the start-up packet
     * @param tlsEndPoint the {@code tls-server-end-point} data of our certificate; null if the client did not come over TLS, or if
     *     the certificate has none
     */
    public ClientAuthentication client(String user, InetAddress peer, byte @Nullable [] tlsEndPoint) {
        return new ClientAuthentication(this, user, peer, tlsEndPoint);
    }

    /** The login at a server in that name. */
    public ServerAuthentication server(Identity identity) {
        return new ServerAuthentication(identity, random);
    }

    /** By whom {@code auth_query} is run; null if there is none. */
    public @Nullable Identity queryIdentity() {
        String user = settings.queryUser();
        UserList users = settings.users();
        return user == null ? null : Identity.trusted(user, users == null ? null : users.find(user));
    }

    /** What {@code auth_query} has said not long ago. */
    public LookUpCache lookUps() {
        return lookUps;
    }

    FailedLogins failedLogins() {
        return failedLogins;
    }

    RandomBytes random() {
        return random;
    }

    /** The password may have been changed since it was looked up: the next attempt asks again. */
    void onWrongPassword(String user) {
        lookUps.forget(user);
    }

    /** Whether md5 is the way for that password; for unknown users what most others have, so that they cannot be told apart. */
    boolean asksForMd5(@Nullable StoredPassword password) {
        if (password == null) {
            UserList users = settings.users();
            return users != null && users.isMostlyMd5();
        }
        return !(password instanceof StoredPassword.Scram);
    }

    ScramSubject subject(String user, @Nullable StoredPassword password) {
        UserList users = settings.users();
        byte[] secret = users == null ? null : users.mockSecret();
        int iterations = users == null ? ScramVerifier.DEFAULT_ITERATIONS : users.usualIterations();
        return ScramSubject.of(user, password, secret == null ? ownMockSecret : secret, iterations);
    }
}
