package io.github.pgconmgr.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.FreePort;
import io.github.pgconmgr.testkit.Machine;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** TLS between clients and a running conmgr, and its certificate by reload. */
@Timeout(60)
class RelayTlsTest {

    private static final int LIMIT_MILLIS = 20_000;
    private static final int PRIMARY_PORT = FreePort.next();

    /** Their names are found in the conmgr directory. */
    private static final String[] TLS = {
        "ssl_cert_file = server.crt", "ssl_key_file = server.key", "relay_primary_port = " + PRIMARY_PORT
    };

    private static LocalRelay relay;

    @BeforeAll
    static void build() throws IOException {
        relay = new LocalRelay();
        makeCertificate("old");
        makeCertificate("new");
        use("old");
        relay.start(TLS);
    }

    @AfterAll
    static void close() {
        relay.close();
    }

    private static void makeCertificate(String name) {
        List<String> argv = new ArrayList<>(List.of(
                "openssl req -x509 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost -newkey ec -pkeyopt ec_paramgen_curve:prime256v1"
                        .split(" ", -1)));
        argv.addAll(List.of(
                "-keyout",
                file(name + ".key").toString(),
                "-out",
                file(name + ".crt").toString()));
        Machine.LOCAL.run(Account.NOBODY, argv).expectSuccess();
    }

    private static Path file(String name) {
        return relay.folder().resolve(name);
    }

    /** What conmgr finds when it reads its files the next time. */
    private static void use(String name) throws IOException {
        for (String kind : List.of(".crt", ".key")) {
            Path copy = Files.copy(file(name + kind), file("server" + kind), StandardCopyOption.REPLACE_EXISTING);
            Account.NOBODY.own(copy);
        }
    }

    private static Finished psql(int port, String certificate, String more) {
        return relay.psql(
                "app",
                "-d",
                "host=localhost hostaddr=127.0.0.1 sslmode=verify-full sslrootcert=" + file(certificate + ".crt") + " "
                        + more,
                "-p",
                Integer.toString(port),
                "-c",
                "SELECT current_user");
    }

    private static void comesIn(int port, String certificate) {
        Finished finished = psql(port, certificate, "channel_binding=require").expectSuccess();
        assertEquals("app", finished.out().strip());
    }

    @Test
    void aClientThatVerifiesAllAndBindsItsProofToTheChannelComesInByBothKindsOfPort() {
        comesIn(relay.port(), "old");
        comesIn(PRIMARY_PORT, "old");
        Finished stranger = psql(relay.port(), "new", "");
        assertTrue(stranger.err().contains("certificate verify failed"), stranger::toString);
    }

    @Test
    void aClientThatBeginsWithTlsIsAskedForAProofBoundToTheChannelByBothKindsOfPort() throws Exception {
        for (int port : new int[] {relay.port(), PRIMARY_PORT}) {
            try (SSLSocket socket = direct(port, "postgresql")) {
                assertEquals("postgresql", socket.getApplicationProtocol());
                String mechanisms = mechanisms(socket);
                assertTrue(mechanisms.startsWith("SCRAM-SHA-256-PLUS SCRAM-SHA-256"), mechanisms);
            }
        }
    }

    private static SSLSocket direct(int port, String protocol) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(file("old.crt"))) {
            store.setCertificateEntry(
                    "conmgr", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
        plain.setSoTimeout(LIMIT_MILLIS);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {protocol});
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /** What AuthenticationSASL offers to {@code app}. */
    private static String mechanisms(Socket socket) throws IOException {
        byte[] names = "user\0app\0database\0shop\0\0".getBytes(StandardCharsets.US_ASCII);
        socket.getOutputStream()
                .write(ByteBuffer.allocate(8 + names.length)
                        .putInt(8 + names.length)
                        .putInt(RawClient.PROTOCOL_3_0)
                        .put(names)
                        .array());
        DataInputStream in = new DataInputStream(socket.getInputStream());
        assertEquals('R', (char) in.readUnsignedByte());
        byte[] body = in.readNBytes(in.readInt() - Integer.BYTES);
        assertEquals(10, ByteBuffer.wrap(body).getInt());
        return new String(body, Integer.BYTES, body.length - Integer.BYTES, StandardCharsets.US_ASCII)
                .replace('\0', ' ')
                .strip();
    }

    @Test
    void aReloadBringsTheNextCertificateAndKeepsItWhenTheFileIsBroken() throws IOException {
        comesIn(relay.port(), "old");
        use("new");
        comesIn(relay.port(), "old");
        relay.reload(TLS);
        awaitComesIn("new");
        comesIn(PRIMARY_PORT, "new");
        Finished old = psql(relay.port(), "old", "");
        assertTrue(old.err().contains("certificate verify failed"), old::toString);
        Files.writeString(file("server.crt"), "nothing that anybody signed\n");
        relay.reload(TLS);
        relay.awaitLog("what was read before stays in use", 1);
        assertTrue(
                relay.log()
                        .linesWith("stays in use")
                        .get(0)
                        .contains(file("server.crt").toString()),
                () -> relay.log().lines().toString());
        comesIn(relay.port(), "new");
        comesIn(PRIMARY_PORT, "new");
        use("old");
        relay.reload(TLS);
        awaitComesIn("old");
    }

    /** cm_ctl returns when conmgr has taken the reload over; its relay's own thread does so a little later. */
    private static void awaitComesIn(String certificate) {
        Await.until(
                "conmgr shows the certificate " + certificate,
                LocalRelay.LIMIT,
                () -> psql(relay.port(), certificate, "channel_binding=require").exit() == 0);
    }
}
