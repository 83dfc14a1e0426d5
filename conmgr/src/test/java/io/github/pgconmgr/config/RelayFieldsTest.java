package io.github.pgconmgr.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each parameter of the relay, given another value in the file, is found in its own field of the record and in no other. */
class RelayFieldsTest {

    /** Files that some of them name. */
    private static final List<String> FILES = List.of("users", "crt", "key", "crt2", "key2", "ca");

    /** Neither of the two has a meaning alone. */
    private static final String TLS = "ssl_cert_file = crt; ssl_key_file = key";

    @TempDir
    private Path directory;

    /**
     * A parameter with a value that is not its default.
     *
     * @param others lines without which it has no meaning
     * @param changed each field of the record that its line alone changes, with the value from then on
     */
    private record Row(String name, String value, List<String> others, Map<String, Object> changed) {

        @Override
        public String toString() {
            return name;
        }
    }

    private static Row row(String name, String value, String field, Object becomes) {
        return new Row(name, value, List.of(), Map.of(field, becomes));
    }

    private static Row behind(String other, String name, String value, String field, Object becomes) {
        return new Row(name, value, List.of(other.split("; ")), Map.of(field, becomes));
    }

    /** Times are different from each other, so that a value in another field is seen wherever it is. */
    private static List<Row> rows() {
        return List.of(
                row("relay_target_session_attrs", "standby", "target", TargetAttribute.STANDBY),
                row("relay_primary_port", "6001", "primaryPort", 6001),
                row("relay_standby_port", "6002", "standbyPort", 6002),
                row("relay_any_port", "6003", "anyPort", 6003),
                row("pool_mode", "transaction", "pool.mode", PoolMode.TRANSACTION),
                // listen_backlog_multiplier is 2.
                new Row("num_init_children", "7", List.of(), Map.of("pool.workers", 7, "pool.maxWaiting", 14)),
                row("reserved_connections", "3", "pool.reservedWorkers", 3),
                row("max_pool", "5", "pool.maxPool", 5),
                row("connection_cache", "off", "pool.cache", false),
                // num_init_children is 32.
                row("listen_backlog_multiplier", "3", "pool.maxWaiting", 96),
                row("serialize_accept", "on", "pool.serializeAccept", true),
                row("child_life_time", "11", "pool.times.childLifeNanos", 11_000_000_000L),
                row("client_idle_limit", "12", "pool.times.clientIdleNanos", 12_000_000_000L),
                row("child_max_connections", "13", "pool.childMaxConnections", 13),
                row("connection_life_time", "14", "pool.times.connectionLifeNanos", 14_000_000_000L),
                row("server_idle_timeout", "15", "pool.times.serverIdleNanos", 15_000_000_000L),
                row("client_login_timeout", "16", "pool.times.clientLoginNanos", 16_000_000_000L),
                row("reset_query_list", "'ABORT; RESET ALL'", "pool.resetQueries", List.of("ABORT", "RESET ALL")),
                row("max_prepared_statements", "17", "pool.maxPreparedStatements", 17),
                row("auth_type", "md5", "auth.type", AuthType.MD5),
                row("auth_file", "users", "auth.file", "users"),
                row("auth_user", "looker", "auth.user", "looker"),
                behind("auth_user = looker", "auth_query", "'SELECT f($1)'", "auth.query", "SELECT f($1)"),
                behind("auth_user = looker", "auth_dbname", "users_db", "auth.database", "users_db"),
                behind(TLS, "ssl_cert_file", "crt2", "tls.certificate", "crt2"),
                behind(TLS, "ssl_key_file", "key2", "tls.key", "key2"),
                behind(TLS, "ssl_ca_file", "ca", "tls.authorities", "ca"),
                row("stats_users", "'ann, bob'", "statsUsers", List.of("ann", "bob")));
    }

    @Test
    void noParameterIsLeftOut() {
        assertEquals(
                RelayParameters.ALL.stream().map(Parameter::name).toList(),
                rows().stream().map(Row::name).toList());
    }

    @ParameterizedTest
    @MethodSource("rows")
    @Proves({"P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9", "P10"})
    void itReachesItsOwnFieldAndNoOther(Row row) throws Exception {
        Map<String, Object> before = fields(row.others());
        Stream<String> others = row.others().stream().filter(line -> !line.startsWith(row.name() + " "));
        Map<String, Object> after = fields(Stream.concat(others, Stream.of(row.name() + " = " + row.value()))
                .toList());
        assertNotEquals(before, after, "the value is the default");
        Map<String, Object> changed = new TreeMap<>(after);
        changed.entrySet().removeIf(field -> field.getValue().equals(before.get(field.getKey())));
        assertEquals(new TreeMap<>(row.changed()), changed);
    }

    /** All at once: two that are exchanged are seen as well. */
    @Test
    @Proves({"P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9", "P10"})
    void allTogetherReachTheirFields() throws Exception {
        List<String> lines =
                rows().stream().map(row -> row.name() + " = " + row.value()).toList();
        Map<String, Object> expected = new TreeMap<>();
        rows().forEach(row -> expected.putAll(row.changed()));
        expected.put("pool.maxWaiting", 3 * 7);
        assertEquals(expected, new TreeMap<>(fields(lines)));
    }

    private Map<String, Object> fields(List<String> lines)
            throws IOException, ConfigException, ReflectiveOperationException {
        for (String name : FILES) {
            Files.setPosixFilePermissions(
                    Files.writeString(directory.resolve(name), ""), PosixFilePermissions.fromString("rw-------"));
        }
        List<String> all = new ArrayList<>(List.of("backend_host0 = db0"));
        all.addAll(lines);
        Files.write(directory.resolve("conmgr.conf"), all);
        Map<String, Object> fields = new LinkedHashMap<>();
        put("", ConfigLoader.load(directory).config().relay(), fields);
        return fields;
    }

    /** Those of records within, by their way there; null has none. */
    private void put(String way, @Nullable Object value, Map<String, Object> fields)
            throws ReflectiveOperationException {
        if (value instanceof Record record) {
            for (RecordComponent part : record.getClass().getRecordComponents()) {
                part.getAccessor().setAccessible(true);
                put(
                        way.isEmpty() ? part.getName() : way + "." + part.getName(),
                        part.getAccessor().invoke(record),
                        fields);
            }
        } else if (value != null) {
            fields.put(
                    way, value instanceof Path path ? directory.relativize(path).toString() : value);
        }
    }
}
