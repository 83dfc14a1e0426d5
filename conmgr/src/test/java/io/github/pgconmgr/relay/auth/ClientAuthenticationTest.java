package io.github.pgconmgr.relay.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.pgconmgr.config.AuthType;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Clients that log in, rightly or not. */
class ClientAuthenticationTest {

    private static final String VERIFIER = Logins.verifier("secret", "saltsaltsaltsalt", 4096);
    private static final byte[] CERTIFICATE_HASH = Ascii.bytes("0123456789abcdef0123456789abcdef");

    @Test
    void aClientThatKnowsThePasswordGetsInWhateverTheFileHas() {
        for (AuthType type : new AuthType[] {AuthType.MD5, AuthType.SCRAM_SHA_256}) {
            for (String known : new String[] {"secret", VERIFIER}) {
                AuthStep end = play(type, Logins.entry("joe", known), "joe", "secret");
                assertEquals(
                        "joe",
                        assertInstanceOf(AuthStep.Accepted.class, end)
                                .identity()
                                .user());
                refused("28P01", play(type, Logins.entry("joe", known), "joe", "Secret"));
            }
        }
    }

    @Test
    void anMd5HashDoesForMd5Alone() {
        String hash = Md5Exchange.hashOf("joe", new StoredPassword.Plain(Ascii.bytes("secret")));
        assertInstanceOf(AuthStep.Accepted.class, play(AuthType.MD5, Logins.entry("joe", hash), "joe", "secret"));
        refused("28P01", play(AuthType.MD5, Logins.entry("joe", hash), "joe", "Secret"));
        refused("28P01", play(AuthType.SCRAM_SHA_256, Logins.entry("joe", hash), "joe", "secret"));
    }

    @Test
    void anEmptyPasswordLetsNobodyIn() {
        for (AuthType type : new AuthType[] {AuthType.MD5, AuthType.SCRAM_SHA_256}) {
            Authenticator authenticator =
                    Logins.authenticator(type, Logins.entry("joe", "") + Logins.entry("ann", "x"));
            refused("28P01", Logins.play(client(authenticator, "joe"), Logins.knowing("joe", "any")));
        }
    }

    @Test
    void anUnknownUserSeesTheSameExchangeAsAKnownOneWithAWrongPassword() {
        for (String others : new String[] {"plain", VERIFIER, "md5" + "0".repeat(32)}) {
            for (AuthType type : new AuthType[] {AuthType.MD5, AuthType.SCRAM_SHA_256}) {
                String users = Logins.entry("joe", others) + Logins.entry("ann", "x");
                AuthStep known = play(type, users, "joe", "wrong");
                AuthStep unknown = play(type, users, "eve", "wrong");
                assertEquals(
                        refused("28P01", known).message().replace("joe", "eve"),
                        refused("28P01", unknown).message());
            }
        }
    }

    @Test
    void theSaltOfAnUnknownUserIsAlwaysTheSameAlsoAfterARestart() {
        String users = Logins.entry("joe", "secret");
        assertEquals(saltOf(users, 1, "eve"), saltOf(users, 2, "eve"));
        assertNotEquals(saltOf(users, 1, "eve"), saltOf(users, 1, "eva"));
        assertNotEquals(saltOf(users, 1, "eve"), saltOf(Logins.entry("joe", "other"), 1, "eve"));
        assertNotEquals(saltOf("", 1, "eve"), saltOf("", 2, "eve"), "an empty file is no secret");
    }

    private static String saltOf(String users, long seed, String user) {
        AuthSettings settings = new AuthSettings(AuthType.SCRAM_SHA_256, Logins.users(users), null, null);
        return Ascii.base64(new Authenticator(settings, Logins.random(seed))
                .subject(user, null)
                .verifier()
                .salt()
                .bytes());
    }

    @Test
    void anUnknownUserHasAsManyIterationsAsMostOthers() {
        String users = Logins.entry("a", Logins.verifier("x", "saltsaltsaltsalt", 1000))
                + Logins.entry("b", Logins.verifier("x", "saltsaltsaltsalt", 2000))
                + Logins.entry("c", Logins.verifier("x", "saltsaltsaltsalt", 2000));
        assertEquals(
                2000,
                Logins.authenticator(AuthType.MD5, users)
                        .subject("eve", null)
                        .verifier()
                        .iterations());
    }

    @Test
    void trustAsksForNothingButForAnEntryWhereThereIsAFile() {
        Authenticator listed = Logins.authenticator(AuthType.TRUST, Logins.entry("joe", ""));
        assertInstanceOf(AuthStep.Accepted.class, client(listed, "joe").begin(Logins.NOW));
        refused("28000", client(listed, "eve").begin(Logins.NOW));
        Authenticator open = new Authenticator(new AuthSettings(AuthType.TRUST, null, null, null), Logins.random(1));
        assertInstanceOf(AuthStep.Accepted.class, client(open, "eve").begin(Logins.NOW));
    }

    @Test
    void withoutFileAndQueryThereIsNothingToVerifyBy() {
        AuthSettings settings = new AuthSettings(AuthType.SCRAM_SHA_256, null, null, null);
        Authenticator authenticator = new Authenticator(settings, Logins.random(1));
        assertEquals(true, settings.isEndToEnd());
        assertThrows(
                IllegalStateException.class, () -> client(authenticator, "joe").begin(Logins.NOW));
    }

    @Test
    void whoIsNotInTheFileIsLookedUp() {
        AuthSettings settings =
                new AuthSettings(AuthType.SCRAM_SHA_256, Logins.users(Logins.entry("ann", "x")), "SELECT", "ann");
        Authenticator authenticator = new Authenticator(settings, Logins.random(1));
        assertInstanceOf(AuthStep.Say.class, client(authenticator, "ann").begin(Logins.NOW));
        ClientAuthentication login = client(authenticator, "joe");
        assertEquals(new AuthStep.Look("joe"), login.begin(Logins.NOW));
        refused("57P03", login.onLookedUp(new LookedUp.Failed("no instance"), Logins.NOW));
        LookedUp found = new LookedUp.Found(StoredPassword.of(Ascii.bytes(VERIFIER)));
        assertInstanceOf(AuthStep.Say.class, login.onLookedUp(found, Logins.NOW));
        assertInstanceOf(
                AuthStep.Say.class, client(authenticator, "eve").onLookedUp(new LookedUp.Unknown(), Logins.NOW));
    }

    @Test
    void aWrongPasswordForgetsWhatWasLookedUpForItMayHaveChanged() {
        AuthSettings settings = new AuthSettings(AuthType.MD5, Logins.users(Logins.entry("ann", "x")), "SELECT", "ann");
        Authenticator authenticator = new Authenticator(settings, Logins.random(1));
        LookedUp found = new LookedUp.Found(StoredPassword.of(Ascii.bytes("secret")));
        authenticator.lookUps().add("joe", found, Logins.NOW);
        ClientAuthentication login = client(authenticator, "joe");
        login.begin(Logins.NOW);
        assertEquals(found, authenticator.lookUps().find("joe", Logins.NOW));
        login.onLookedUp(found, Logins.NOW);
        refused("28P01", login.onMessage(AuthMessagesBodies.password("wrong"), Logins.NOW));
        assertEquals(null, authenticator.lookUps().find("joe", Logins.NOW));
    }

    @Test
    void afterAReloadTheNewPasswordHoldsAndWhoHasBegunGoesOn() {
        Authenticator authenticator = Logins.authenticator(AuthType.MD5, Logins.entry("joe", "old"));
        ClientAuthentication begun = client(authenticator, "joe");
        authenticator.reload(new AuthSettings(AuthType.MD5, Logins.users(Logins.entry("joe", "new")), null, null));
        assertInstanceOf(AuthStep.Accepted.class, Logins.play(begun, Logins.knowing("joe", "old")));
        refused("28P01", Logins.play(client(authenticator, "joe"), Logins.knowing("joe", "old")));
        assertInstanceOf(
                AuthStep.Accepted.class, Logins.play(client(authenticator, "joe"), Logins.knowing("joe", "new")));
    }

    @Test
    void guessingGetsSlowerPerAddressAndIsForgottenAfterAMinute() throws UnknownHostException {
        FailedLogins failed = new FailedLogins();
        InetAddress one = InetAddress.getByName("10.0.0.1");
        InetAddress six = InetAddress.getByName("2001:db8::1");
        InetAddress neighbour = InetAddress.getByName("2001:db8::ffff:1");
        long now = Logins.NOW;
        for (long millis : new long[] {125, 250, 500, 1000, 1000, 1000}) {
            assertEquals(TimeUnit.MILLISECONDS.toNanos(millis), failed.onFailure(one, now));
        }
        assertEquals(FailedLogins.UNIT_NANOS, failed.onFailure(six, now));
        assertEquals(2 * FailedLogins.UNIT_NANOS, failed.onFailure(neighbour, now), "one network");
        assertEquals(8 * FailedLogins.UNIT_NANOS, failed.onFailure(one, now + FailedLogins.FORGET_NANOS - 1));
        assertEquals(FailedLogins.UNIT_NANOS, failed.onFailure(one, now + 2 * FailedLogins.FORGET_NANOS));
        for (int i = 0; i < FailedLogins.MAX_ADDRESSES; i++) {
            failed.onFailure(InetAddress.getByAddress(new byte[] {11, 0, (byte) (i >> 8), (byte) i}), now);
        }
        assertEquals(
                FailedLogins.UNIT_NANOS,
                failed.onFailure(one, now + 2 * FailedLogins.FORGET_NANOS + 1),
                "the oldest are forgotten when there are too many");
    }

    @Test
    void overTlsChannelBindingIsOfferedAndAClientThatDoesNotSeeTheOfferIsRefused() {
        assertEquals(
                "SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0", offer(CERTIFICATE_HASH).substring(4));
        assertEquals("SCRAM-SHA-256\0\0", offer(null).substring(4));
        refused("08P01", first(CERTIFICATE_HASH, "SCRAM-SHA-256", "y,,n=,r=abc"));
        assertInstanceOf(AuthStep.Say.class, first(null, "SCRAM-SHA-256", "y,,n=,r=abc"));
        assertInstanceOf(AuthStep.Say.class, first(CERTIFICATE_HASH, "SCRAM-SHA-256", "n,,n=,r=abc"));
        assertInstanceOf(
                AuthStep.Say.class, first(CERTIFICATE_HASH, "SCRAM-SHA-256-PLUS", "p=tls-server-end-point,,n=,r=abc"));
        refused("08P01", first(CERTIFICATE_HASH, "SCRAM-SHA-256-PLUS", "p=tls-unique,,n=,r=abc"));
        refused("08P01", first(CERTIFICATE_HASH, "SCRAM-SHA-256-PLUS", "n,,n=,r=abc"));
        refused("08P01", first(CERTIFICATE_HASH, "SCRAM-SHA-256", "p=tls-server-end-point,,n=,r=abc"));
        refused("08P01", first(null, "SCRAM-SHA-256-PLUS", "p=tls-server-end-point,,n=,r=abc"));
    }

    private static String offer(byte[] certificateHash) {
        ClientAuthentication login = scram(certificateHash);
        AuthStep.Say say = assertInstanceOf(AuthStep.Say.class, login.begin(Logins.NOW));
        return StandardCharsets.ISO_8859_1.decode(Logins.body(say.messages())).toString();
    }

    @Test
    void malformedFirstMessagesEndTheLogin() {
        String[] malformed = {
            "",
            "x,,n=,r=abc",
            "n",
            "n,",
            "n,,",
            "n,,r=abc",
            "n,,n=",
            "n,,n=,r=",
            "n,,n=,r=a b",
            "n,,n=,r=abc,",
            "n,,n=,r=abc,!=x",
            "n,,n=,r=abc,m",
            "n,,n=,r=a\0bc",
            "nn,n=,r=abc",
            "p=x",
            "n,,n=,r=\u00e9"
        };
        for (String message : malformed) {
            refused("08P01", first(null, "SCRAM-SHA-256", message));
        }
        refused("0A000", first(null, "SCRAM-SHA-256", "n,a=other,n=,r=abc"));
        refused("0A000", first(null, "SCRAM-SHA-256", "n,,m=ext,n=,r=abc"));
        refused("08P01", first(null, "SCRAM-SHA-1", "n,,n=,r=abc"));
        refused("08P01", first(null, "SCRAM-SHA-256", "n,,n=,r=" + "a".repeat(3000)));
        assertInstanceOf(AuthStep.Say.class, first(null, "SCRAM-SHA-256", "n,,n=x,r=abc,z=extension"));
    }

    @Test
    void malformedFinalMessagesEndTheLogin() {
        String proof = "p=" + Ascii.base64(new byte[ScramKeys.BYTES]);
        refused("28P01", last("c=biws,r=%s," + proof));
        refused("28P01", last("c=biws,r=%s,x=extension," + proof));
        refused("08P01", last("c=eSws,r=%s," + proof));
        refused("08P01", last("c=biws,r=%sx," + proof));
        refused("08P01", last("c=biws,r=," + proof));
        refused("08P01", last("c=biws,r=%s"));
        refused("08P01", last("c=biws,r=%s,p="));
        refused("08P01", last("c=biws,r=%s,p=AAAA"));
        refused("08P01", last("c=biws,r=%s," + proof + ",x=y"));
        refused("08P01", last("c=biws,r=%s," + proof + ","));
    }

    private static AuthStep last(String form) {
        ClientAuthentication login = scram(null);
        login.begin(Logins.NOW);
        AuthStep.Say say = assertInstanceOf(
                AuthStep.Say.class,
                login.onMessage(AuthMessagesBodies.initial("SCRAM-SHA-256", "n,,n=,r=abc"), Logins.NOW));
        String first = StandardCharsets.ISO_8859_1
                .decode(Logins.body(say.messages()))
                .toString()
                .substring(4);
        String nonce = first.substring(2, first.indexOf(','));
        return login.onMessage(ByteBuffer.wrap(Ascii.bytes(form.replace("%s", nonce))), Logins.NOW);
    }

    @Test
    void aPasswordThatNobodyAskedForEndsTheLogin() {
        refused("08P01", scram(null).onMessage(AuthMessagesBodies.password("x"), Logins.NOW));
    }

    @Test
    void identitiesAreEqualIfTheSameWasProven() {
        Identity one = identity(AuthType.SCRAM_SHA_256, VERIFIER);
        assertEquals(one, identity(AuthType.SCRAM_SHA_256, VERIFIER));
        assertEquals(one.hashCode(), identity(AuthType.SCRAM_SHA_256, VERIFIER).hashCode());
        assertNotEquals(one, identity(AuthType.SCRAM_SHA_256, Logins.verifier("secret", "othersaltothersa", 4096)));
        assertNotEquals(one, identity(AuthType.SCRAM_SHA_256, "secret"));
        assertNotEquals(one, identity(AuthType.TRUST, VERIFIER), "nothing was proven");
        assertEquals(identity(AuthType.MD5, "secret"), identity(AuthType.SCRAM_SHA_256, "secret"));
    }

    private static Identity identity(AuthType type, String known) {
        AuthStep end = type == AuthType.TRUST
                ? client(Logins.authenticator(type, Logins.entry("joe", known)), "joe")
                        .begin(Logins.NOW)
                : play(type, Logins.entry("joe", known), "joe", "secret");
        return assertInstanceOf(AuthStep.Accepted.class, end).identity();
    }

    private static AuthStep first(byte[] certificateHash, String mechanism, String message) {
        ClientAuthentication login = scram(certificateHash);
        login.begin(Logins.NOW);
        return login.onMessage(AuthMessagesBodies.initial(mechanism, message), Logins.NOW);
    }

    private static ClientAuthentication scram(byte[] certificateHash) {
        return Logins.authenticator(AuthType.SCRAM_SHA_256, Logins.entry("joe", VERIFIER))
                .client("joe", Logins.PEER, certificateHash);
    }

    private static ClientAuthentication client(Authenticator authenticator, String user) {
        return authenticator.client(user, Logins.PEER, null);
    }

    private static AuthStep play(AuthType type, String users, String user, String password) {
        return Logins.play(client(Logins.authenticator(type, users), user), Logins.knowing(user, password));
    }

    private static AuthStep.Refused refused(String sqlState, AuthStep step) {
        AuthStep.Refused refused = assertInstanceOf(AuthStep.Refused.class, step);
        assertEquals(sqlState, refused.sqlState(), refused.message());
        assertEquals(sqlState.equals("28P01"), refused.delayNanos() > 0);
        assertFalse(refused.message().endsWith("."));
        return refused;
    }
}
