package io.github.pgconmgr.logintest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.config.AuthType;
import io.github.pgconmgr.relay.auth.AuthSettings;
import io.github.pgconmgr.relay.auth.AuthStep;
import io.github.pgconmgr.relay.auth.Authenticator;
import io.github.pgconmgr.relay.auth.ClientAuthentication;
import io.github.pgconmgr.relay.auth.Identity;
import io.github.pgconmgr.relay.auth.LookedUp;
import io.github.pgconmgr.relay.auth.RandomBytes;
import io.github.pgconmgr.relay.auth.ServerAuthentication;
import io.github.pgconmgr.relay.auth.ServerStep;
import io.github.pgconmgr.relay.auth.UserList;
import io.github.pgconmgr.relay.auth.UserLookUp;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Machine;
import io.github.pgconmgr.testkit.PgCluster;
import io.github.pgconmgr.testkit.PgInstance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** conmgr logs in at a real PostgreSQL in a client's name, by all that it may know of a password. */
class ServerLoginTest {

    private static final String DEFAULT_QUERY =
            "SELECT rolname, CASE WHEN rolvaliduntil < pg_catalog.now() THEN NULL ELSE"
                    + " rolpassword END FROM pg_catalog.pg_authid WHERE rolname = $1 AND rolcanlogin";

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static PgCluster cluster;
    private static PgInstance instance;

    @BeforeAll
    static void prepare() throws IOException {
        cluster = new PgCluster();
        instance = cluster.primary("logins", Machine.LOCAL, Map.of("shared_preload_libraries", ""));
        instance.sql("SET password_encryption = 'md5'; CREATE ROLE m LOGIN PASSWORD 'secret'");
        instance.sql("SET password_encryption = 'scram-sha-256'; CREATE ROLE s LOGIN PASSWORD 'secret'");
        instance.sql("CREATE ROLE p LOGIN PASSWORD 'secret'");
        instance.sql("CREATE ROLE \"ünï\" LOGIN PASSWORD E'pa\\u00ADss\\u2168 \\u00E9'");
        instance.sql("CREATE ROLE odd LOGIN PASSWORD E'\\u0627\\u0031'");
        instance.sql("CREATE ROLE \"a'b\"\"c\" LOGIN PASSWORD 'secret'");
        instance.sql("CREATE ROLE old LOGIN PASSWORD 'secret' VALID UNTIL '2001-01-01'");
        Path hba = instance.data().resolve("pg_hba.conf");
        Files.writeString(hba, """
                local all all trust
                host all m all md5
                host all p all password
                host all postgres all trust
                host all all all scram-sha-256
                """);
        instance.reload();
        Await.until(
                "the server asks for passwords",
                LIMIT,
                () -> login("m", identity("m", "wrong")).equals("28P01"));
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    @Test
    void thePasswordItselfDoesForMd5AndScram() throws IOException {
        assertEquals("in", login("m", identity("m", "secret")));
        assertEquals("in", login("s", identity("s", "secret")));
        assertEquals("28P01", login("m", identity("m", "wrong")));
        assertEquals("28P01", login("s", identity("s", "wrong")));
    }

    @Test
    void passwordsThatAreNotAsciiArePreparedAsTheServerPreparesThem() throws IOException {
        assertEquals("in", login("ünï", identity("ünï", "pa\u00ADss\u2168 \u00E9")));
        assertEquals("in", login("ünï", identity("ünï", "passIX e\u0301")));
        assertEquals("in", login("odd", identity("odd", "\u06271")));
    }

    @Test
    void anMd5HashDoesForMd5Alone() throws IOException {
        assertEquals("in", login("m", identity("m", stored("m"))));
        assertTrue(login("s", identity("s", stored("m"))).contains("only an md5 hash is known"));
    }

    @Test
    void aVerifierDoesWithTheProofOfTheClient() throws IOException {
        Identity proven = proven("s", stored("s"), "secret");
        assertEquals("in", login("s", proven));
        assertTrue(login("s", identity("s", stored("s"))).contains("only a SCRAM verifier is known"));
        String before = stored("s");
        instance.sql("ALTER ROLE s PASSWORD 'secret'");
        assertTrue(login("s", proven).contains("another SCRAM verifier"));
        assertTrue(!before.equals(stored("s")));
    }

    @Test
    void aPasswordIsNeverSentInClearText() throws IOException {
        assertTrue(login("p", identity("p", "secret")).contains("in clear text"));
    }

    @Test
    void theQueryFindsWhoMayLogInAndNobodyElse() throws IOException {
        assertInstanceOf(LookedUp.Found.class, lookUp(DEFAULT_QUERY, "s"));
        assertInstanceOf(LookedUp.Found.class, lookUp(DEFAULT_QUERY, "ünï"));
        assertInstanceOf(LookedUp.Found.class, lookUp(DEFAULT_QUERY, "a'b\"c"));
        assertInstanceOf(LookedUp.Unknown.class, lookUp(DEFAULT_QUERY, "nobody"));
        assertInstanceOf(LookedUp.Unknown.class, lookUp(DEFAULT_QUERY, "old"));
        assertInstanceOf(LookedUp.Unknown.class, lookUp(DEFAULT_QUERY, "pg_monitor"));
        assertInstanceOf(LookedUp.Unknown.class, lookUp(DEFAULT_QUERY, "x' OR rolname = 's"));
        LookedUp.Failed failed = assertInstanceOf(LookedUp.Failed.class, lookUp("SELECT nonsense", "s"));
        assertTrue(failed.reason().contains("nonsense"), failed.reason());
    }

    @Test
    void whatTheQueryFindsLetsAClientIn() throws IOException {
        LookedUp answer = lookUp(DEFAULT_QUERY, "a'b\"c");
        AuthSettings settings = new AuthSettings(AuthType.SCRAM_SHA_256, null, DEFAULT_QUERY, "postgres");
        Authenticator authenticator = new Authenticator(settings, RandomBytes.secure());
        ClientAuthentication client = authenticator.client("a'b\"c", InetAddress.getLoopbackAddress(), null);
        client.begin(0);
        AuthStep end = play(client, client.onLookedUp(answer, 0), identity("a'b\"c", "secret"));
        Identity proven = assertInstanceOf(AuthStep.Accepted.class, end).identity();
        assertEquals("in", login("a'b\"c", proven));
    }

    private static String stored(String role) {
        return instance.sql("SELECT rolpassword FROM pg_authid WHERE rolname = '" + role + "'");
    }

    private static Authenticator authenticator(AuthType type, String user, String password) {
        String line = "\"" + user.replace("\"", "\"\"") + "\" \"" + password + "\"";
        try {
            UserList users = UserList.parse(line.getBytes(StandardCharsets.UTF_8));
            return new Authenticator(new AuthSettings(type, users, null, null), RandomBytes.secure());
        } catch (UserList.InvalidUserListException e) {
            throw new AssertionError(e.problems().toString(), e);
        }
    }

    /** As of a client that was let in without a proof. */
    private static Identity identity(String user, String password) {
        AuthStep step = authenticator(AuthType.TRUST, user, password)
                .client(user, InetAddress.getLoopbackAddress(), null)
                .begin(0);
        return assertInstanceOf(AuthStep.Accepted.class, step).identity();
    }

    private static Identity proven(String user, String stored, String password) {
        ClientAuthentication client = authenticator(AuthType.SCRAM_SHA_256, user, stored)
                .client(user, InetAddress.getLoopbackAddress(), null);
        AuthStep end = play(client, client.begin(0), identity(user, password));
        return assertInstanceOf(AuthStep.Accepted.class, end).identity();
    }

    /** A client that knows what the identity knows. */
    private static AuthStep play(ClientAuthentication server, AuthStep first, Identity known) {
        ServerAuthentication client = authenticator(AuthType.TRUST, "any", "").server(known);
        AuthStep step = first;
        while (step instanceof AuthStep.Say say) {
            ServerStep answer = client.onRequest(say.messages().position(5).slice());
            ServerStep.Say said = assertInstanceOf(ServerStep.Say.class, answer);
            step = server.onMessage(said.message().position(5).slice(), 0);
        }
        return step;
    }

    /** {@code in}, the SQLSTATE of the server's refusal, or why conmgr gave up. */
    private static String login(String user, Identity identity) throws IOException {
        try (Frames server = connect(user)) {
            ServerAuthentication login =
                    authenticator(AuthType.TRUST, "any", "").server(identity);
            while (true) {
                Frames.Frame frame = server.read();
                if (frame.type() == 'E') {
                    return String.valueOf(Frames.field('C', frame.body()));
                }
                ServerStep step = login.onRequest(frame.body());
                if (step instanceof ServerStep.Say say) {
                    server.write(say.message());
                } else if (step instanceof ServerStep.Failed failed) {
                    return failed.reason();
                } else if (step instanceof ServerStep.Done) {
                    return "in";
                }
            }
        }
    }

    private static Frames connect(String user) throws IOException {
        Frames server = new Frames(new Socket(instance.address(), instance.port()));
        server.write(Frames.startup(user, "postgres"));
        return server;
    }

    private static LookedUp lookUp(String query, String user) throws IOException {
        try (Frames server = connect("postgres")) {
            Frames.Frame frame = server.read();
            while (frame.type() != 'Z') {
                frame = server.read();
            }
            UserLookUp lookUp = new UserLookUp(query, user);
            server.write(lookUp.question());
            LookedUp answer = null;
            while (answer == null) {
                Frames.Frame next = server.read();
                ByteBuffer body = next.body();
                answer = lookUp.onMessage((byte) next.type(), body);
            }
            return answer;
        }
    }
}
