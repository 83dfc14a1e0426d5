package io.github.pgconmgr.config;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Proves;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** For every parameter of the table: its default, and the values just inside and just outside its bounds. */
@Proves({"C2", "C3", "C4", "C5", "C6", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9", "P10"})
class BoundsTest {

    /** Values of one type: those at the edge that are taken, and those just behind it. */
    private record Edges(List<String> inside, List<String> outside) {}

    static Stream<Parameter<?>> parameters() {
        return Parameters.ALL.stream();
    }

    private static Edges edgesOf(Parameter<?> parameter) {
        if (parameter.type() instanceof IntegerType integer) {
            return numbers(integer.min(), integer.max());
        } else if (parameter.type() instanceof DurationType) {
            return times();
        } else if (parameter.type() instanceof WaitType wait) {
            return waits(wait);
        } else if (parameter.type() instanceof LagType) {
            return lags();
        } else if (parameter.type() instanceof EnumType<?> words) {
            return words(words);
        } else if (parameter.type() instanceof ListType<?> list) {
            return list(list);
        } else if (parameter.type() instanceof QueryListType) {
            return queries();
        }
        return texts(parameter);
    }

    private static Edges numbers(long min, long max) {
        return new Edges(
                List.of("" + min, "" + (min + 1), "" + (max - 1), "" + max, "00" + max),
                List.of("" + (min - 1), "" + (max + 1), "-" + max, "9".repeat(30), "1.5", "0x10", "1s", "one", "''"));
    }

    private static Edges times() {
        long max = DurationType.MAX_MILLIS;
        return new Edges(
                List.of("1", "2", max / 1000 + "", DurationType.MIN_MILLIS + "ms", max + "ms", max / 86_400_000 + "d"),
                List.of(
                        "0",
                        "-1",
                        max / 1000 + 1 + "",
                        DurationType.MIN_MILLIS - 1 + "ms",
                        max + 1 + "ms",
                        max / 86_400_000 + 1 + "d",
                        "9".repeat(30) + "ms",
                        "1.5s",
                        "1S",
                        "s",
                        "''"));
    }

    private static Edges waits(WaitType wait) {
        Edges edges = wait.unit().equals("s") ? times() : times(wait.maxMillis());
        List<String> inside = new ArrayList<>(edges.inside());
        List<String> outside = new ArrayList<>(edges.outside());
        outside.remove("0");
        outside.addAll(List.of("0s", "off"));
        (wait.mayBeNone() ? inside : outside).addAll(List.of("0", "00"));
        return new Edges(inside, outside);
    }

    private static Edges times(int max) {
        return new Edges(
                List.of(
                        DurationType.MIN_MILLIS + "",
                        DurationType.MIN_MILLIS + "ms",
                        max + "",
                        max + "ms",
                        max / 1000 + "s"),
                List.of(
                        "-1",
                        DurationType.MIN_MILLIS - 1 + "",
                        max + 1 + "",
                        max / 1000 + 1 + "s",
                        "9".repeat(30),
                        "1.5s",
                        "''"));
    }

    private static Edges lags() {
        return new Edges(
                List.of("off", "OFF", "1B", "16MB", "'16 MB'", "1kB", "9".repeat(18) + "B", "1048576TB", "3s", "24d"),
                List.of(
                        "0B",
                        "-1B",
                        "16",
                        "9ms",
                        "25d",
                        "1m",
                        "1mb",
                        LagType.MAX_BYTES + 1 + "B",
                        "1048577TB",
                        "9".repeat(30) + "B",
                        "MB",
                        "''"));
    }

    private static Edges words(EnumType<?> type) {
        List<String> inside = new ArrayList<>();
        for (String word : type.bounds().split(", ", -1)) {
            inside.add(word);
            inside.add(word.toUpperCase(Locale.ROOT));
        }
        return new Edges(inside, List.of(inside.get(0) + "x", "0", "''"));
    }

    private static Edges list(ListType<?> type) {
        String element = type.element() instanceof EnumType<?> words
                ? words.choices().getEnumConstants()[0].toString()
                : "a";
        String most = (element + ",").repeat(ListType.MAX_ELEMENTS - 1) + element;
        return new Edges(
                List.of(element, "'" + element + " , " + element + "'", most),
                List.of("''", "','", element + ",", "'" + element + " " + element + "'", most + "," + element));
    }

    private static Edges queries() {
        return new Edges(
                List.of(
                        "ABORT",
                        "'abort;'",
                        "'ABORT; DISCARD ALL'",
                        "'DISCARD ALL ;Abort'",
                        "'ABORT;" + "a".repeat(993) + "'"),
                List.of(
                        "''",
                        "';'",
                        "'DISCARD ALL'",
                        "'ABORT AND CHAIN'",
                        "'ABORT;" + "a".repeat(995) + "'",
                        "'ABORT; \"a;b\"'"));
    }

    private static Edges texts(Parameter<?> parameter) {
        return switch (parameter.name()) {
            case "backend_host" ->
                new Edges(
                        List.of("a", "::1", "192.0.2.1", "a".repeat(TextType.MAX_LENGTH)),
                        List.of("''", "a".repeat(TextType.MAX_LENGTH + 1), "'a b'", "[::1]", "é"));
            case "backend_hostaddr" ->
                new Edges(
                        List.of("0.0.0.0", "255.255.255.255", "::", "fe80::1%eth0"),
                        List.of("''", "256.0.0.1", "1.2.3", "localhost", ":::", "[::1]"));
            case "watchdog_secret_file", "auth_file", "ssl_cert_file", "ssl_key_file", "ssl_ca_file" ->
                new Edges(List.of("a", "/a", "'a b'"), List.of("''", "a".repeat(TextType.MAX_LENGTH + 1)));
            case "check_conninfo" ->
                new Edges(
                        List.of(
                                "user=a",
                                "'user = a  database=''b c'' sslmode=verify-full sslrootcert=r connect_timeout=86400'",
                                "'user=a passfile=p connect_timeout=0'",
                                "user=" + "a".repeat(ConninfoType.MAX_LENGTH - 5)),
                        List.of(
                                "''",
                                "user",
                                "dbname=a",
                                "'user=a b'",
                                "'user=a user=b'",
                                "'user=a dbname=b database=c'",
                                "'user=a port=1'",
                                "'user=a connect_timeout=86401'",
                                "'user=a sslmode=on'",
                                "postgresql://a@b/",
                                "user=" + "a".repeat(ConninfoType.MAX_LENGTH - 4)));
            case "syslog_ident" ->
                new Edges(
                        List.of("a", "a".repeat(48), "a/b.c-1"),
                        List.of("''", "a".repeat(49), "'a b'", "a:", "a[1]", "é"));
            case "syslog_socket" ->
                new Edges(List.of("/", "/" + "a".repeat(106)), List.of("''", "a", "/" + "a".repeat(107)));
            case "auth_user", "auth_dbname" ->
                new Edges(List.of("a", "\"a\"", "a".repeat(63)), List.of("''", "a".repeat(64), "'a b'"));
            case "auth_query" ->
                new Edges(
                        List.of("$1", "'SELECT 1, $1'", "$1" + "a".repeat(1998)),
                        List.of("''", "'SELECT 1'", "$1" + "a".repeat(1999)));
            default -> throw new AssertionError(parameter.name() + " has no edges here; add them");
        };
    }

    private static LoadedConfig load(Parameter<?> parameter, String value) throws ConfigException {
        String host = switch (parameter.name()) {
            case "backend_host" -> "";
            case "backend_check" -> "check_conninfo0 = user=a\nbackend_host0 = db0\n";
            default -> "backend_host0 = db0\n";
        };
        String name = parameter.indexed() ? parameter.name() + "0" : parameter.name();
        return ConfigLoader.parse("conmgr.conf", host + name + " = " + value + "\n" + companions(parameter));
    }

    /** Others without which the parameter has no meaning or less room. */
    private static String companions(Parameter<?> parameter) {
        return switch (parameter.name()) {
            case "ssl_cert_file" -> "ssl_key_file = k\n";
            case "ssl_key_file" -> "ssl_cert_file = c\n";
            case "ssl_ca_file" -> "ssl_cert_file = c\nssl_key_file = k\n";
            case "auth_query", "auth_dbname" -> "auth_user = u\n";
            case "max_standby_lag" -> "backend_check0 = sql\ncheck_conninfo0 = user=a\n";
            case "reserved_connections" -> "num_init_children = " + RelayParameters.MAX_WORKERS + "\n";
            default -> "";
        };
    }

    @ParameterizedTest
    @MethodSource("parameters")
    void aValueAtABoundIsTakenAndOneBehindItIsNamedWithItsReason(Parameter<?> parameter) {
        Edges edges = edgesOf(parameter);
        for (String value : edges.inside()) {
            assertDoesNotThrow(() -> load(parameter, value), () -> parameter.name() + " = " + value);
        }
        for (String value : edges.outside()) {
            ConfigException e = assertThrows(
                    ConfigException.class, () -> load(parameter, value), () -> parameter.name() + " = " + value);
            assertEquals(1, e.problems().size(), e.getMessage());
            String name = parameter.indexed() ? parameter.name() + "0" : parameter.name();
            assertTrue(
                    e.problems().get(0).toString().matches("conmgr.conf:[123]: " + name + ": \\S.*"), e.getMessage());
        }
    }

    @ParameterizedTest
    @MethodSource("parameters")
    void whatTheFileDoesNotSetIsItsDefaultAndSaysSo(Parameter<?> parameter) throws ConfigException {
        for (Setting setting :
                ConfigLoader.parse("conmgr.conf", "backend_host0 = db0\n").settings()) {
            if (setting.name().matches(parameter.name() + "0?")
                    && !setting.name().equals("backend_host0")) {
                assertEquals(0, setting.line());
                assertEquals(setting.defaultValue(), setting.value());
                assertEquals(parameter.defaultText().isEmpty(), setting.value().isEmpty());
                return;
            }
        }
        assertEquals("backend_host", parameter.name(), "no setting");
    }

    @ParameterizedTest
    @MethodSource("parameters")
    void aValueAsWeWriteItMeansTheSame(Parameter<?> parameter) throws ConfigException {
        for (String value : edgesOf(parameter).inside()) {
            String name = parameter.indexed() ? parameter.name() + "0" : parameter.name();
            String written = load(parameter, value).settings().stream()
                    .filter(setting -> setting.name().equals(name))
                    .findFirst()
                    .orElseThrow()
                    .value();
            assertEquals(
                    List.of(),
                    SettingChange.between(
                            load(parameter, value).settings(),
                            load(parameter, "'" + written.replace("'", "''") + "'")
                                    .settings()));
        }
    }
}
