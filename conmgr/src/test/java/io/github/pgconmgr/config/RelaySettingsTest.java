package io.github.pgconmgr.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What conmgr.conf says of the relay, and what is said of it across parameters. */
class RelaySettingsTest {

    private static final String HOST = "backend_host0 = db0\n";

    @TempDir
    private Path directory;

    private static RelayConfig load(String text) throws ConfigException {
        return ConfigLoader.parse("conmgr.conf", HOST + text).config().relay();
    }

    private static List<String> problems(String text) {
        ConfigException e = assertThrows(ConfigException.class, () -> load(text));
        return e.problems().stream().map(Problem::toString).toList();
    }

    private static List<String> warnings(String text) throws ConfigException {
        return ConfigLoader.parse("conmgr.conf", HOST + text).warnings().stream()
                .map(Problem::toString)
                .toList();
    }

    private Path write(String name, String content, String permissions) throws IOException {
        Path file = Files.writeString(directory.resolve(name), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    @Test
    @Proves({"P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9", "P10"})
    void whatTheFileDoesNotSetHasTheChaptersDefault() throws ConfigException {
        RelayConfig relay = load("");
        assertEquals(RelayConfig.DEFAULT, relay);
        assertEquals(TargetAttribute.READ_WRITE, relay.target());
        PoolConfig pool = relay.pool();
        assertTrue(pool.cache());
        assertEquals(32, pool.workers());
        assertEquals(4, pool.maxPool());
        assertEquals(64, pool.maxWaiting());
        assertEquals(List.of("ABORT", "DISCARD ALL"), pool.resetQueries());
        assertEquals(300_000_000_000L, pool.times().childLifeNanos());
        assertEquals(0, pool.times().clientIdleNanos());
        assertEquals(0, pool.times().connectionLifeNanos());
        assertEquals(0, pool.childMaxConnections());
        assertNull(relay.tls());
        assertNull(relay.auth().file());
    }

    @ParameterizedTest
    @Proves({"P2", "P3", "P4", "P5", "P6", "P8", "P9"})
    @CsvSource({
        "connection_cache, off",
        "max_pool, 1",
        "listen_backlog_multiplier, 3",
        "serialize_accept, on",
        "child_life_time, 0",
        "child_max_connections, 1",
        "connection_life_time, 1",
        "num_init_children, 1",
        "pool_mode, transaction"
    })
    void whatTheChapterCallsStartOnlyIsNotTakenOverByAReload(String name, String value) throws ConfigException {
        ConmgrConfig running = ConfigLoader.parse("conmgr.conf", HOST).config();
        ConmgrConfig file =
                ConfigLoader.parse("conmgr.conf", HOST + name + " = " + value).config();
        assertTrue(!file.relay().equals(running.relay()), "the value is the default");
        assertEquals(running.relay(), running.reloadedFrom(file).relay());
    }

    @Test
    @Proves({"P7", "P10"})
    void theIdleLimitAndTheResetQueriesAreTakenOverByAReload() throws ConfigException {
        ConmgrConfig running = ConfigLoader.parse("conmgr.conf", HOST).config();
        ConmgrConfig file = ConfigLoader.parse(
                        "conmgr.conf", HOST + "client_idle_limit = 7\nreset_query_list = 'abort; RESET ALL;'")
                .config();
        PoolConfig pool = running.reloadedFrom(file).relay().pool();
        assertEquals(7_000_000_000L, pool.times().clientIdleNanos());
        assertEquals(List.of("abort", "RESET ALL"), pool.resetQueries());
    }

    @Test
    @Proves("P10")
    void aResetListWithoutAbortIsAnErrorAndOneThatDoesNotBeginWithItAWarning() throws ConfigException {
        assertEquals(
                List.of("conmgr.conf:2: reset_query_list: the command ABORT is missing"),
                problems("reset_query_list = 'DISCARD ALL'"));
        assertEquals(
                List.of(
                        "conmgr.conf:2: reset_query_list: ABORT does not come first: what stands before it may fail in a"
                                + " transaction"),
                warnings("reset_query_list = 'DISCARD ALL; ABORT'"));
    }

    @Test
    void twoThingsOnOnePortAreAnError() throws ConfigException {
        assertEquals(
                List.of("conmgr.conf:2: relay_primary_port: 27546 is the value of port, too"),
                problems("relay_primary_port = 27546"));
        assertEquals(
                List.of("conmgr.conf:3: relay_any_port: 6432 is the value of relay_standby_port, too"),
                problems("relay_standby_port = 6432\nrelay_any_port = 6432"));
        load("relay_primary_port = 0\nrelay_standby_port = 0\nrelay_any_port = 0");
    }

    @Test
    void reservedConnectionsAreLessThanTheWorkers() throws ConfigException {
        assertEquals(
                List.of("conmgr.conf:2: reserved_connections: 32 is not less than num_init_children, 32"),
                problems("reserved_connections = 32"));
        assertEquals(31, load("reserved_connections = 31").pool().reservedWorkers());
    }

    @Test
    @Proves("P5")
    void serializeAcceptIsTakenAndTheLogSaysThatItDoesNothing() throws ConfigException {
        assertEquals(
                List.of("conmgr.conf:2: serialize_accept: has no effect while child_life_time is on"),
                warnings("serialize_accept = on"));
        assertEquals(
                List.of("conmgr.conf:2: serialize_accept: has nothing to do here, one thread accepts all connections"),
                warnings("serialize_accept = on\nchild_life_time = 0"));
    }

    @Test
    void whatHasNoMeaningAloneIsAnError() {
        for (String[] pair : new String[][] {
            {"ssl_cert_file", "ssl_key_file"},
            {"ssl_key_file", "ssl_cert_file"},
            {"ssl_ca_file", "ssl_cert_file"},
            {"auth_query", "auth_user"},
            {"auth_dbname", "auth_user"},
        }) {
            assertEquals(
                    List.of("conmgr.conf:2: " + pair[0] + ": has no meaning without \"" + pair[1] + "\""),
                    problems(pair[0] + " = '$1'"));
        }
    }

    @Test
    void filesAreTakenFromTheConmgrDirectory() throws Exception {
        write("conmgr.conf", HOST + "auth_file = users\nssl_cert_file = crt\nssl_key_file = key\n", "rw-r--r--");
        write("users", "", "rw-------");
        write("crt", "", "rw-r--r--");
        write("key", "", "rw-------");
        RelayConfig relay = ConfigLoader.load(directory).config().relay();
        assertEquals(directory.resolve("users"), relay.auth().file());
        assertEquals(new TlsConfig(directory.resolve("crt"), directory.resolve("key"), null), relay.tls());
    }

    @Test
    void aFileThatOthersMayReadOrThatIsNotThereIsAnErrorWithItsReason() throws IOException {
        write("conmgr.conf", HOST + "auth_file = users\nssl_cert_file = crt\nssl_key_file = key\n", "rw-r--r--");
        write("users", "", "rw-r-----");
        write("key", "", "rw----r--");
        ConfigException e = assertThrows(ConfigException.class, () -> ConfigLoader.load(directory));
        assertEquals(
                List.of(
                        "auth_file: file of users \"" + directory.resolve("users")
                                + "\" has group or world access; permissions should be u=rw (0600) or less",
                        "ssl_cert_file: certificate file \"" + directory.resolve("crt") + "\" does not exist",
                        "ssl_key_file: private key file \"" + directory.resolve("key")
                                + "\" has group or world access; permissions should be u=rw (0600) or less"),
                e.problems().stream()
                        .map(problem -> problem.parameter() + ": " + problem.reason())
                        .toList());
    }
}
