package io.github.pgconmgr.relay.auth;

import io.github.pgconmgr.config.AuthType;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The login of one client; we are the server. {@link #begin} first, then what the step asks for, until it is accepted or refused.
 * Made by {@link Authenticator#client}. Holds no resources: forget it when the client goes.
 *
 * <p>Confined to the relay loop.
 */
public final class ClientAuthentication {

    private final Authenticator authenticator;
    private final String user;
    private final InetAddress peer;
    private final byte @Nullable [] tlsEndPoint;
    private final AuthSettings settings;
    private String source = "auth_file";
    private @Nullable Exchange exchange;

    ClientAuthentication(Authenticator authenticator, String user, InetAddress peer, byte @Nullable [] tlsEndPoint) {
        this.authenticator = authenticator;
        this.user = user;
        this.peer = peer;
        this.tlsEndPoint = tlsEndPoint;
        this.settings = authenticator.settings();
    }

    /**
     * What to do first.
     *
     * @throws IllegalStateException if clients are to be authenticated end to end ({@link AuthSettings#isEndToEnd})
     */
    public AuthStep begin(long nowNanos) {
        if (settings.isEndToEnd()) {
            throw new IllegalStateException("nothing to verify a client by");
        }
        UserList users = settings.users();
        StoredPassword known = users == null ? null : users.find(user);
        if (settings.type() == AuthType.TRUST) {
            return users == null || known != null
                    ? new AuthStep.Accepted(Identity.trusted(user, known), AuthMessages.ok())
                    : new AuthStep.Refused("28000", "no such user: " + user, "not in auth_file", 0);
        }
        if (known == null && settings.query() != null) {
            source = "auth_query";
            return new AuthStep.Look(user);
        }
        return start(known);
    }

    /** What {@code auth_query} says of the user that {@link AuthStep.Look} named. */
    public AuthStep onLookedUp(LookedUp answer, long nowNanos) {
        if (answer instanceof LookedUp.Failed failed) {
            return new AuthStep.Refused("57P03", "could not look up user \"" + user + "\"", failed.reason(), 0);
        }
        return start(answer instanceof LookedUp.Found found ? found.password() : null);
    }

    private AuthStep start(@Nullable StoredPassword password) {
        Exchange begun = settings.type() == AuthType.MD5 && authenticator.asksForMd5(password)
                ? new Md5Exchange(user, password, authenticator.random())
                : new ScramExchange(authenticator.subject(user, password), authenticator.random(), tlsEndPoint);
        exchange = begun;
        return new AuthStep.Say(begun.begin());
    }

    /**
     * The client's {@code p} message.
     *
     * @param body without type and length; read to its end, not kept
     */
    public AuthStep onMessage(ByteBuffer body, long nowNanos) {
        if (exchange == null) {
            return new AuthStep.Refused("08P01", "unexpected password message", "none was asked for", 0);
        }
        try {
            Exchange.Outcome outcome = exchange.onMessage(body);
            if (outcome instanceof Exchange.Outcome.More more) {
                return new AuthStep.Say(more.messages());
            }
            if (outcome instanceof Exchange.Outcome.Proven proven) {
                return new AuthStep.Accepted(proven.identity(), proven.messages());
            }
            return wrong(nowNanos);
        } catch (LoginProtocolException e) {
            return new AuthStep.Refused(e.sqlState(), e.text(), "malformed login", 0);
        }
    }

    private AuthStep wrong(long nowNanos) {
        authenticator.onWrongPassword(user);
        return new AuthStep.Refused(
                "28P01",
                "password authentication failed for user \"" + user + "\"",
                "wrong password, or no usable one in " + source,
                authenticator.failedLogins().onFailure(peer, nowNanos));
    }
}
