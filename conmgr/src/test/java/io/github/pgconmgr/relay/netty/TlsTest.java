package io.github.pgconmgr.relay.netty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.config.TlsConfig;
import io.github.pgconmgr.relay.io.Connection;
import io.github.pgconmgr.relay.io.ConnectionEvents;
import io.github.pgconmgr.testkit.Command;
import io.github.pgconmgr.time.NanoClock;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS on the relay's own loop and sockets, with the JDK's clients. */
class TlsTest {

    private static final int MEGABYTES = 32 << 20;
    private static final byte[] SSL_REQUEST =
            ByteBuffer.allocate(8).putInt(8).putInt(80877103).array();

    private final List<Socket> sockets = new ArrayList<>();

    @TempDir
    private Path folder;

    private RelayLoop loop;
    private int port;

    @BeforeEach
    void makeCertificates() throws IOException {
        makeServerCertificate();
        openssl(
                "req -x509 -nodes -days 2 -subj /CN=client -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -keyout client.key"
                        + " -out client.crt");
        openssl("pkcs12 -export -in client.crt -inkey client.key -out client.p12 -passout pass:secret");
    }

    private void makeServerCertificate() {
        openssl("req -x509 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost -newkey ec -pkeyopt"
                + " ec_paramgen_curve:prime256v1 -keyout server.key -out server.crt");
    }

    private void openssl(String arguments) {
        List<String> argv = new ArrayList<>(List.of("openssl"));
        for (String argument : arguments.split(" ", -1)) {
            boolean file = argument.matches("(server|client)\\..*");
            argv.add(file ? folder.resolve(argument).toString() : argument);
        }
        Command.run(Duration.ofSeconds(30), argv).expectSuccess();
    }

    private void start(@Nullable Path authorities) throws IOException {
        start(authorities, TlsEcho::new);
    }

    private void start(@Nullable Path authorities, Function<Connection, ConnectionEvents> told) throws IOException {
        loop = new RelayLoop(NanoClock.SYSTEM, load(authorities));
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        port = loop.listen(anyPort, 10, new OpenDoor(), (connection, nowNanos) -> told.apply(connection))
                .getPort();
    }

    private ServerTls load(@Nullable Path authorities) throws IOException {
        return ServerTls.load(new TlsConfig(folder.resolve("server.crt"), folder.resolve("server.key"), authorities));
    }

    @AfterEach
    void end() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        loop.stop(nowNanos -> {});
    }

    /** Says S to an SSLRequest and begins TLS, or begins it at once; then says what it hears. */
    private static class TlsEcho extends Echo {

        private boolean begun;

        TlsEcho(Connection connection) {
            super(connection);
        }

        @Override
        public void onBytes(ByteBuffer chunk, long nowNanos) {
            if (begun) {
                onPlain(chunk, nowNanos);
                return;
            }
            begun = true;
            if (chunk.get(chunk.position()) == 0) {
                connection.write(ByteBuffer.wrap(new byte[] {'S'}));
                connection.startTls(ByteBuffer.allocate(0));
            } else {
                connection.startTls(chunk);
            }
        }

        void onPlain(ByteBuffer chunk, long nowNanos) {
            super.onBytes(chunk, nowNanos);
        }
    }

    private Socket connect() throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
        sockets.add(client);
        client.setSoTimeout(20_000);
        return client;
    }

    private Socket asked() throws IOException {
        Socket client = connect();
        client.getOutputStream().write(SSL_REQUEST);
        assertEquals('S', client.getInputStream().read());
        return client;
    }

    private SSLSocket encrypt(Socket plain, boolean certificate, String... protocols) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry(
                    "server",
                    CertificateFiles.certificates(folder.resolve("server.crt")).get(0));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            KeyStore own = KeyStore.getInstance(folder.resolve("client.p12").toFile(), "secret".toCharArray());
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, "secret".toCharArray());
            context.init(certificate ? keys.getKeyManagers() : null, trust.getTrustManagers(), null);
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", 1, true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            parameters.setApplicationProtocols(protocols);
            socket.setSSLParameters(parameters);
            return socket;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] random(int bytes, long seed) {
        byte[] data = new byte[bytes];
        new Random(seed).nextBytes(data);
        return data;
    }

    /** In a thread of its own, as it may take until somebody reads. */
    private static Thread write(Socket socket, byte[] data) {
        Thread writer = new Thread(() -> {
            try {
                socket.getOutputStream().write(data);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        writer.start();
        return writer;
    }

    private static void echoes(Socket socket, long seed) throws IOException {
        byte[] data = random(100_000, seed);
        write(socket, data);
        byte[] heard = socket.getInputStream().readNBytes(data.length);
        if (heard.length < data.length) {
            throw new EOFException("the other side has closed");
        }
        assertArrayEquals(data, heard);
    }

    @Test
    void whoAsksGetsTlsAndConnectionsDoNotMixTheirBytes() throws IOException {
        start(null);
        SSLSocket one = encrypt(asked(), false);
        SSLSocket two = encrypt(asked(), false, "postgresql");
        for (int i = 0; i < 5; i++) {
            echoes(one, i);
            echoes(two, 100 + i);
        }
    }

    @Test
    void aClientThatDoesNotReadIsNotReadFromAndLosesNothing() throws Exception {
        Made<Echo> made = new Made<>(TlsEcho::new);
        start(null, made);
        SSLSocket client = encrypt(asked(), false);
        client.startHandshake();
        byte[] data = random(MEGABYTES, 5);
        Thread writer = write(client, data);
        assertTrue(made.get().congested.get(20, TimeUnit.SECONDS));
        // Neither does the client's kernel take all of it.
        assertTrue(writer.isAlive());
        assertArrayEquals(data, client.getInputStream().readNBytes(data.length));
        writer.join(20_000);
    }

    /** What SCRAM binds a login to must be what the client has seen, whatever was reloaded since. */
    @Test
    void aConnectionIsBoundToTheCertificateThatItBeganWith() throws Exception {
        Made<Echo> made = new Made<>(TlsEcho::new);
        start(null, made);
        SSLSocket client = encrypt(asked(), false);
        client.startHandshake();
        byte[] seen = client.getSession().getPeerCertificates()[0].getEncoded();
        makeServerCertificate();
        ServerTls changed = load(null);
        Echo its = made.get();
        byte[] bound = loop.ask(nowNanos -> {
                    loop.useTls(changed);
                    return Objects.requireNonNull(its.connection.tlsEndPoint());
                })
                .get(20, TimeUnit.SECONDS);
        assertArrayEquals(MessageDigest.getInstance("SHA-256").digest(seen), bound);
    }

    /** A chunk has several records: what is left of it comes all the same, and nothing behind it. */
    @Test
    void whoStopsReadingHearsNoMoreThanAChunkAndTheRestLater() throws Exception {
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        Made<Echo> made = new Made<>(connection -> new TlsEcho(connection) {
            @Override
            void onPlain(ByteBuffer chunk, long nowNanos) {
                byte[] bytes = new byte[chunk.remaining()];
                chunk.get(bytes);
                heard.writeBytes(bytes);
                congested.complete(true);
                connection.pauseReading();
            }
        });
        start(null, made);
        SSLSocket client = encrypt(asked(), false);
        client.startHandshake();
        Echo its = made.get();
        byte[] data = random(200_000, 7);
        for (int from = 0; from < data.length; from += 1_000) {
            client.getOutputStream().write(data, from, 1_000);
        }
        assertTrue(its.congested.get(20, TimeUnit.SECONDS));
        int first = loop.ask(nowNanos -> heard.size()).get(20, TimeUnit.SECONDS);
        assertTrue(first <= RelayNetwork.CHUNK_BYTES, () -> first + " bytes");
        client.close();
        while (!its.closed.isDone()) {
            int before = loop.ask(nowNanos -> {
                        its.connection.resumeReading();
                        return heard.size();
                    })
                    .get(20, TimeUnit.SECONDS);
            int behind = loop.ask(nowNanos -> heard.size()).get(20, TimeUnit.SECONDS);
            assertTrue(behind - before <= RelayNetwork.CHUNK_BYTES, () -> behind - before + " bytes");
        }
        assertArrayEquals(data, heard.toByteArray());
    }

    @Test
    void directTlsNeedsTheNameOfTheProtocol() throws IOException {
        start(null);
        SSLSocket named = encrypt(connect(), false, "postgresql");
        echoes(named, 1);
        SSLSocket unnamed = encrypt(connect(), false);
        assertThrows(IOException.class, () -> echoes(unnamed, 1));
        SSLSocket other = encrypt(connect(), false, "http/1.1");
        assertThrows(IOException.class, other::startHandshake);
    }

    @Test
    void withAuthoritiesAClientMustShowACertificateOfTheirs() throws IOException {
        start(folder.resolve("client.crt"));
        echoes(encrypt(asked(), true), 1);
        SSLSocket without = encrypt(asked(), false);
        assertThrows(IOException.class, () -> echoes(without, 1));
    }

    /** CVE-2021-23222: what came in plain text behind the request must not be taken for the client's. */
    @Test
    void plainBytesWhereTlsShouldBeginEndTheConnection() throws IOException {
        start(null);
        Socket client = asked();
        client.getOutputStream().write("Q\0\0\0\15SELECT 1\0".getBytes(StandardCharsets.US_ASCII));
        awaitEnd(client);
    }

    @Test
    void aHandshakeThatDoesNotComeEndsTheConnection() throws IOException {
        start(null);
        awaitEnd(asked());
    }

    /** Comes back when the connection has ended; fails by its time limit if it does not. */
    private static void awaitEnd(Socket client) throws IOException {
        try {
            // An alert, if there is one.
            client.getInputStream().readAllBytes();
        } catch (SocketException e) {
            // Ended as well: it had not read all that was sent.
        }
    }
}
