package io.github.pgconmgr.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.FreePort;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Proves;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A primary and its standby, and a port for each kind of them. */
@Timeout(60)
class RelayPortsTest {

    private static final int SSL_REQUEST = 80877103;
    private static final String PRIMARY = "f";
    private static final String STANDBY = "t";

    private static final int PRIMARY_PORT = FreePort.next();
    private static final int STANDBY_PORT = FreePort.next();
    private static final int ANY_PORT = FreePort.next();

    private static LocalRelay relay;
    private static PgInstance standby;

    @BeforeAll
    static void build() {
        relay = new LocalRelay();
        standby = relay.addStandby();
        start("read-write");
    }

    private static void start(String target) {
        relay.start(
                "relay_target_session_attrs = " + target,
                "relay_primary_port = " + PRIMARY_PORT,
                "relay_standby_port = " + STANDBY_PORT,
                "relay_any_port = " + ANY_PORT);
        awaitLine(1, " ALIVE ");
    }

    private static void awaitLine(int instance, String text) {
        Await.until(
                "instance " + instance + text,
                LocalRelay.LIMIT,
                () -> relay.ctl("status")
                        .out()
                        .lines()
                        .anyMatch(line -> line.matches(" *" + instance + " .*" + text + ".*")));
    }

    @AfterAll
    static void close() {
        relay.close();
    }

    private static Finished ask(int port) {
        return relay.psql("app", "-p", Integer.toString(port), "-c", "SELECT pg_is_in_recovery()");
    }

    private static String kind(int port) {
        return ask(port).expectSuccess().out().strip();
    }

    private static void expectNone(int port, String attribute) {
        String err = ask(port).err();
        assertTrue(err.contains("no instance with target_session_attrs \"" + attribute + "\""), err);
    }

    @Test
    @Proves("A2")
    void eachPortLeadsToItsKindOfInstanceAndWithoutOneSaysSo() {
        assertEquals(PRIMARY, kind(relay.port()));
        assertEquals(PRIMARY, kind(PRIMARY_PORT));
        assertEquals(STANDBY, kind(STANDBY_PORT));
        relay.stop();
        start("standby");
        assertEquals(STANDBY, kind(relay.port()), "port, by relay_target_session_attrs");
        assertEquals(PRIMARY, kind(PRIMARY_PORT), "a port of its own is not moved by it");
        standby.stop(PgInstance.StopMode.FAST);
        awaitLine(1, " DOWN ");
        assertEquals(PRIMARY, kind(ANY_PORT));
        expectNone(STANDBY_PORT, "standby");
        expectNone(relay.port(), "standby");
        standby.start();
        awaitLine(1, " ALIVE ");
        relay.instance().stop(PgInstance.StopMode.FAST);
        awaitLine(0, " DOWN ");
        assertEquals(STANDBY, kind(ANY_PORT));
        expectNone(PRIMARY_PORT, "primary");
        assertEquals(STANDBY, kind(STANDBY_PORT));
    }

    @Test
    void withoutACertificateWhoAsksForTlsIsToldThatThereIsNone() throws IOException {
        for (int port : new int[] {relay.port(), PRIMARY_PORT}) {
            Finished refused =
                    relay.psql("app", "-d", "sslmode=require", "-p", Integer.toString(port), "-c", "SELECT 1");
            assertTrue(refused.err().contains("server does not support SSL, but SSL was required"), refused::toString);
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout((int) LocalRelay.LIMIT.toMillis());
                socket.getOutputStream()
                        .write(ByteBuffer.allocate(8)
                                .putInt(8)
                                .putInt(SSL_REQUEST)
                                .array());
                assertEquals('N', socket.getInputStream().read());
            }
        }
    }
}
