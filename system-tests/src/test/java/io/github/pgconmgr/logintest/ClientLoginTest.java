package io.github.pgconmgr.logintest;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.config.AuthType;
import io.github.pgconmgr.config.TlsConfig;
import io.github.pgconmgr.relay.auth.AuthSettings;
import io.github.pgconmgr.relay.auth.Authenticator;
import io.github.pgconmgr.relay.auth.RandomBytes;
import io.github.pgconmgr.relay.auth.UserList;
import io.github.pgconmgr.relay.netty.ServerTls;
import io.github.pgconmgr.testkit.Command;
import io.github.pgconmgr.testkit.PgInstall;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real clients, psql with libpq and pgjdbc, log in at conmgr. */
class ClientLoginTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Of the password {@code pencil}, as PostgreSQL stores it, with RFC 7677's salt. */
    private static final String VERIFIER =
            "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY="
                    + ":wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

    private static final String USERS = """
            "plain" "pencil"
            "scram" "VERIFIER"
            "ünï" "pässIX"
            """.replace("VERIFIER", VERIFIER);

    @TempDir
    private Path folder;

    @Test
    void psqlAndPgjdbcLogInByEveryMethod() throws IOException, SQLException {
        for (AuthType type : AuthType.values()) {
            try (LoginServer server = new LoginServer(authenticator(type), null)) {
                for (String user : List.of("plain", "scram")) {
                    in(psql(server, user, "pencil"));
                    in(jdbc(server, user, "pencil"));
                }
                if (type != AuthType.MD5) {
                    // md5 takes the bytes as they are.
                    in(psql(server, "ünï", "päss\u2168"));
                    in(jdbc(server, "ünï", "päss\u2168"));
                }
            }
        }
    }

    @Test
    void wrongPasswordsAndUnknownUsersAreRefusedAlike() throws IOException, SQLException {
        for (AuthType type : new AuthType[] {AuthType.MD5, AuthType.SCRAM_SHA_256}) {
            try (LoginServer server = new LoginServer(authenticator(type), null)) {
                for (String user : List.of("plain", "scram", "nobody")) {
                    String refusal = "password authentication failed for user \"" + user + "\"";
                    assertTrue(psql(server, user, "wrong").contains(refusal));
                    assertTrue(jdbc(server, user, "wrong").contains(refusal));
                }
            }
        }
    }

    @Test
    void overTlsTheLoginIsBoundToTheCertificate() throws IOException, SQLException {
        for (String[] key : new String[][] {
            {"ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-sha256"},
            {"ec", "-pkeyopt", "ec_paramgen_curve:secp384r1", "-sha384"},
            {"rsa:2048", "-sha512"},
            {"rsa:2048", "-sha256", "-sigopt", "rsa_padding_mode:pss"}
        }) {
            ServerTls tls = tls(key);
            try (LoginServer server = new LoginServer(authenticator(AuthType.SCRAM_SHA_256), tls)) {
                in(psql(server, "scram", "pencil", "&sslmode=require", "&channel_binding=require"));
                in(psql(server, "plain", "pencil", "&sslmode=require", "&channel_binding=require"));
                in(psql(server, "scram", "pencil", "&sslmode=require", "&channel_binding=disable"));
                in(psql(server, "scram", "pencil", "&sslmode=verify-full&sslrootcert=" + folder.resolve("server.crt")));
                // pgjdbc does not know that hash of a signature.
                if (!List.of(key).contains("rsa_padding_mode:pss")) {
                    in(jdbc(server, "scram", "pencil", "sslmode", "require", "channelBinding", "require"));
                }
                String refusal = "password authentication failed";
                assertTrue(psql(server, "scram", "wrong", "&sslmode=require", "&channel_binding=require")
                        .contains(refusal));
            }
        }
    }

    @Test
    void withoutTlsNobodyGetsInWhoWantsTheLoginBound() throws IOException {
        try (LoginServer server = new LoginServer(authenticator(AuthType.SCRAM_SHA_256), null)) {
            String refused = psql(server, "scram", "pencil", "&channel_binding=require");
            assertTrue(refused.contains("channel binding"), refused);
        }
    }

    @Test
    void aCertificateWithoutAHashIsNotBoundTo() throws IOException {
        ServerTls tls = tls("ed25519");
        assertNull(tls.endPoint());
        try (LoginServer server = new LoginServer(authenticator(AuthType.SCRAM_SHA_256), tls)) {
            in(psql(server, "scram", "pencil", "&sslmode=require"));
        }
    }

    @Test
    void filesThatCannotBeUsedAreNamedWithTheReason() throws IOException {
        tls("rsa:2048");
        Path certificate = folder.resolve("server.crt");
        Path key = folder.resolve("server.key");
        Path other = folder.resolve("other.key");
        openssl("genpkey", "-algorithm", "RSA", "-out", other.toString());
        unusable("has another key than certificate file", certificate, other);
        openssl("rsa", "-traditional", "-in", key.toString(), "-out", other.toString());
        unusable("is not in PKCS#8 form", certificate, other);
        openssl("rsa", "-aes128", "-passout", "pass:x", "-in", key.toString(), "-out", other.toString());
        unusable("is encrypted", certificate, other);
        openssl("genpkey", "-algorithm", "ed25519", "-out", other.toString());
        unusable("has no RSA key", certificate, other);
        unusable("has no private key", certificate, certificate);
        Path empty = Files.writeString(folder.resolve("empty"), "");
        unusable("has no certificate", empty, key);
        Path junk = Files.writeString(
                folder.resolve("junk"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        unusable("cannot be read", junk, key);
    }

    private static void unusable(String reason, Path certificate, Path key) {
        IOException e = assertThrows(IOException.class, () -> ServerTls.load(new TlsConfig(certificate, key, null)));
        assertTrue(String.valueOf(e.getMessage()).contains(reason), e.getMessage());
    }

    private ServerTls tls(String... keyOptions) throws IOException {
        Path key = folder.resolve("server.key");
        Path certificate = folder.resolve("server.crt");
        List<String> argv = new ArrayList<>(List.of("req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=localhost"));
        argv.addAll(List.of("-addext", "subjectAltName=DNS:localhost", "-keyout", key.toString()));
        argv.addAll(List.of("-out", certificate.toString(), "-newkey"));
        argv.addAll(List.of(keyOptions));
        openssl(argv.toArray(String[]::new));
        return ServerTls.load(new TlsConfig(certificate, key, null));
    }

    private static void openssl(String... arguments) {
        List<String> argv = new ArrayList<>(List.of("openssl"));
        argv.addAll(List.of(arguments));
        Command.run(LIMIT, argv).expectSuccess();
    }

    private static Authenticator authenticator(AuthType type) {
        try {
            UserList users = UserList.parse(USERS.getBytes(StandardCharsets.UTF_8));
            return new Authenticator(new AuthSettings(type, users, null, null), RandomBytes.secure());
        } catch (UserList.InvalidUserListException e) {
            throw new AssertionError(e.problems().toString(), e);
        }
    }

    private static void in(String said) {
        assertTrue(said.contains(LoginServer.IN), said);
    }

    private static String psql(LoginServer server, String user, String password, String... more) {
        // In a URI all is ASCII, whatever the locale of this Java makes of arguments.
        String uri = "postgresql://" + URLEncoder.encode(user, StandardCharsets.UTF_8) + ":"
                + URLEncoder.encode(password, StandardCharsets.UTF_8) + "@localhost:" + server.port()
                + "/x?hostaddr=127.0.0.1"
                + String.join("", more);
        return Command.run(LIMIT, List.of(PgInstall.current().program("psql"), "-X", uri))
                .err();
    }

    private static String jdbc(LoginServer server, String user, String password, String... more) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        for (int i = 0; i < more.length; i += 2) {
            properties.setProperty(more[i], more[i + 1]);
        }
        SQLException e = assertThrows(
                SQLException.class,
                () -> DriverManager.getConnection("jdbc:postgresql://localhost:" + server.port() + "/x", properties)
                        .close());
        @Nullable String message = e.getMessage();
        return String.valueOf(message);
    }
}
