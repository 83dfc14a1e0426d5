package io.github.pgconmgr.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.log.Severity;
import io.github.pgconmgr.testkit.Proves;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a text of conmgr.conf means, and what is said of one that means nothing. */
class ConfigLoaderTest {

    private static final String HOST = "backend_host0 = db0\n";

    private static ConmgrConfig load(String text) throws ConfigException {
        return ConfigLoader.parse("conmgr.conf", text).config();
    }

    private static List<String> problems(String text) {
        ConfigException e = assertThrows(ConfigException.class, () -> ConfigLoader.parse("conmgr.conf", text));
        return e.problems().stream().map(Problem::toString).toList();
    }

    private static List<String> warnings(String text) throws ConfigException {
        return ConfigLoader.parse("conmgr.conf", text).warnings().stream()
                .map(Problem::toString)
                .toList();
    }

    @Test
    @Proves({"C2", "C3", "C4", "C5", "T8"})
    void whatTheFileDoesNotSetHasItsDocumentedDefault() throws ConfigException {
        ConmgrConfig config = load(HOST);
        assertEquals(27546, config.port());
        assertEquals(List.of("localhost"), config.listenAddresses());
        assertEquals(List.of(new InstanceConfig(0, "db0", "", 27500, 27545)), config.instances());
        assertEquals(10_000, config.heartbeat().settings().intervalMillis());
        assertEquals(20_000, config.heartbeat().settings().timeoutMillis());
        assertEquals(1_000_000_000L, config.heartbeat().connectIntervalNanos());
        assertEquals(10_000_000_000L, config.heartbeat().connectTimeoutNanos());
        assertEquals(Severity.WARNING, config.log().minimum());
    }

    @ParameterizedTest
    @Proves("C1")
    @ValueSource(
            strings = {
                "port=5000",
                "port = 5000",
                "\tport\t=\t5000\t",
                "port = '5000'",
                "port = 5000# behind",
                "port = 5000 # behind = 'it",
                "port = '5000'# behind",
                "# before\n\n   \nport = 5000",
                "port = 05000",
                "port = 5000\r\n"
            })
    void blanksQuotesAndCommentsDoNotChangeAValue(String text) throws ConfigException {
        assertEquals(5000, load(HOST + text).port());
    }

    @Test
    @Proves("C1")
    void inQuotesAHashIsACharacterAndADoubledQuoteIsAQuote() throws InvalidValueException {
        assertEquals(
                new Assignment("a", "it's # 1"),
                LineParser.parse("a='it''s # 1' # no").orElseThrow());
        assertEquals(new Assignment("a", "'"), LineParser.parse("a=''''").orElseThrow());
        assertEquals(new Assignment("a", ""), LineParser.parse("a=''").orElseThrow());
    }

    @ParameterizedTest
    @Proves("C1")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "port 5000|expected \"=\" behind \"port\"",
                "port|expected \"=\" behind \"port\"",
                "= 5|expected a parameter's name",
                "port =|\"port\" has no value",
                "port = # 5|\"port\" has no value",
                "port = 5 6|unexpected text behind the value; a value with blanks or quotes stands in single quotes",
                "port = 5'6'|unexpected text behind the value; a value with blanks or quotes stands in single quotes",
                "port = '5' 6|unexpected text behind the value; a value with blanks or quotes stands in single quotes",
                "port = '5|the closing quote is missing",
                "port = '5''|the closing quote is missing",
                "pört = 5|expected \"=\" behind \"p\", found the character U+00F6",
                "port\uFF1D5|expected \"=\" behind \"port\", found the character U+FF1D",
                "\u3000port = 5|expected a parameter's name, found the character U+3000",
            })
    void aLineThatIsNoAssignmentIsNamedWithItsReason(String line, String reason) {
        assertEquals(List.of("conmgr.conf:2: " + reason), problems(HOST + line));
    }

    @Test
    void aControlCharacterIsAnError() {
        assertEquals(List.of("conmgr.conf:2: control character 0x00 in the line"), problems(HOST + "port = 5\0"));
    }

    @Test
    @Proves("C1")
    void allProblemsOfAFileComeTogetherInItsOrder() {
        String text = "port = 0\nprot = 5\nbackend_port1 = 5\nlog_min_messages = loud\nport = 7\nbackend_host = x\n";
        assertEquals(
                List.of(
                        "conmgr.conf:1: port: 0 is outside the valid range 1 .. 65535",
                        "conmgr.conf:2: prot: unknown parameter (did you mean \"port\"?)",
                        "conmgr.conf:3: backend_port1: instance 1 has neither \"backend_host1\" nor"
                                + " \"backend_hostaddr1\"",
                        "conmgr.conf:4: log_min_messages: \"loud\" is not one of DEBUG, INFO, NOTICE, WARNING, ERROR,"
                                + " LOG, FATAL, PANIC",
                        "conmgr.conf:5: port: set twice, first in line 1",
                        "conmgr.conf:6: backend_host: the instance number is missing, as in \"backend_host0\""),
                problems(text));
    }

    @Test
    void theProblemsThatAreShownAreLimited() {
        List<String> problems = problems("x\n".repeat(ConfigLoader.MAX_PROBLEMS + 5));
        assertEquals(ConfigLoader.MAX_PROBLEMS + 1, problems.size());
        assertEquals("conmgr.conf: and 5 more problems", problems.get(problems.size() - 1));
    }

    @ParameterizedTest
    @Proves({"C2", "C3"})
    @ValueSource(strings = {"port", "backend_port0", "watchdog_port0"})
    void aPortIsFrom1To65535(String name) throws ConfigException {
        load(HOST + name + " = 1");
        load(HOST + name + " = 65535");
        for (String bad : List.of("0", "65536", "-1", "99999999999999999999", "0x10", "1.5", "5s")) {
            assertEquals(1, problems(HOST + name + " = " + bad).size(), bad);
        }
    }

    @Test
    @Proves("C3")
    void instanceNumbersComeInAnyOrderAndWithGaps() throws ConfigException {
        ConmgrConfig config = load("""
                backend_port7=2345
                backend_host0='host0'
                backend_hostaddr7=192.0.2.7
                backend_host7=db7
                watchdog_port7=99
                backend_port0=5432
                """);
        assertEquals(
                List.of(
                        new InstanceConfig(0, "host0", "", 5432, 27545),
                        new InstanceConfig(7, "db7", "192.0.2.7", 2345, 99)),
                config.instances());
    }

    @Test
    @Proves("C3")
    void namesIpv4AndIpv6StandSideBySide() throws ConfigException {
        ConmgrConfig config = load("""
                backend_host0 = db0.example.com
                backend_hostaddr1 = 192.0.2.1
                backend_hostaddr2 = 2001:db8::1
                backend_host3 = ::ffff:192.0.2.3
                backend_host4 = 192.0.2.4
                backend_host5 = db5
                backend_hostaddr5 = fe80::1%eth0
                """);
        assertEquals(
                List.of("db0.example.com", "192.0.2.1", "2001:db8::1", "::ffff:192.0.2.3", "192.0.2.4", "db5"),
                config.instances().stream().map(InstanceConfig::displayHost).toList());
        assertEquals("fe80::1%eth0", config.instances().get(5).hostaddr());
    }

    @Test
    @Proves("C3")
    void aUsedNumberWithoutHostAndAddressIsAnError() {
        assertEquals(
                List.of("conmgr.conf:4: backend_port1: instance 1 has neither \"backend_host1\" nor"
                        + " \"backend_hostaddr1\""),
                problems("backend_host0=host0\nbackend_host2=host2\nbackend_port0=5432\nbackend_port1=5555\n"));
    }

    @Test
    void aHostThatIsWrongIsNotAlsoCalledMissing() {
        assertEquals(
                List.of("conmgr.conf:1: backend_hostaddr0: \"db0\" is not a numeric IPv4 or IPv6 address"),
                problems("backend_hostaddr0 = db0\nbackend_port0 = 5"));
    }

    @Test
    void aFileWithoutAnInstanceIsAnError() {
        assertEquals(
                List.of("conmgr.conf: no instance is configured; add \"backend_host0\" or \"backend_hostaddr0\""),
                problems("port = 5000\n"));
    }

    @Test
    void anInstanceNumberHasOneSpellingAndALimit() throws ConfigException {
        assertTrue(problems("backend_host01 = a").get(0).endsWith("an instance number has no leading zeros"));
        assertTrue(problems("backend_host65536 = a").get(0).endsWith("an instance number is at most 65535"));
        assertTrue(problems("backend_host99999999999999999999 = a").get(0).endsWith("is at most 65535"));
        assertEquals(65535, load("backend_host65535 = a").instances().get(0).number());
    }

    @Test
    void theNumberOfInstancesIsLimited() throws ConfigException {
        String most = IntStream.range(0, InstanceSet.MAX_INSTANCES)
                .mapToObj(i -> "backend_host" + i + "=db" + i)
                .collect(Collectors.joining("\n"));
        assertEquals(InstanceSet.MAX_INSTANCES, load(most).instances().size());
        assertEquals(1, problems(most + "\nbackend_host999=x").size());
    }

    @ParameterizedTest
    @Proves("C4")
    @CsvSource({"1,1000", "3,3000", "250ms,250", "1s,1000", "2min,120000", "'''2 min''',120000", "1h,3600000", "10ms,10"
    })
    void aTimeIsWholeSecondsOrHasAUnit(String value, int millis) throws ConfigException {
        assertEquals(
                millis,
                load(HOST + "heartbeat_interval = " + value + "\nheartbeat_timeout = 24d")
                        .heartbeat()
                        .settings()
                        .intervalMillis());
    }

    @ParameterizedTest
    @Proves("C4")
    @ValueSource(strings = {"0", "-1", "9ms", "0ms", "25d", "1.5", "ms", "1 S", "5x", "99999999999999999999d", "''"})
    void aTimeThatIsNoneOrOutOfRangeIsAnError(String value) {
        for (String name : List.of(
                "heartbeat_interval", "heartbeat_timeout", "heartbeat_connect_interval", "heartbeat_connect_timeout")) {
            assertEquals(1, problems(HOST + name + " = " + value).size(), name);
        }
    }

    @Test
    @Proves("C4")
    void aTimeoutThatIsNotLongerThanTheIntervalLoadsWithAWarning() throws ConfigException {
        String equal = HOST + "heartbeat_interval = 5\nheartbeat_timeout = 5";
        assertEquals(
                List.of("conmgr.conf:3: heartbeat_timeout: 5000 ms is not longer than heartbeat_interval, 5000 ms:"
                        + " every instance is always judged abnormal"),
                warnings(equal));
        assertTrue(load(equal).heartbeat().settings().alwaysAbnormal());
        assertEquals(List.of(), warnings(HOST + "heartbeat_interval = 5\nheartbeat_timeout = 5001ms"));
    }

    @Test
    void twoNumbersForOneWatchdogAreAWarning() throws ConfigException {
        assertEquals(
                List.of("conmgr.conf:2: instances 0 and 3 have the same host and watchdog port"),
                warnings(HOST + "backend_host3 = db0\n"));
    }

    @Test
    @Proves("T8")
    void listenAddressesAreAListOfNamesAddressesOrTheStar() throws ConfigException {
        assertEquals(
                List.of("localhost", "192.0.2.1", "::1"),
                load(HOST + "listen_addresses = 'localhost, 192.0.2.1,::1'").listenAddresses());
        assertEquals(List.of("*"), load(HOST + "listen_addresses = *").listenAddresses());
        assertEquals(1, problems(HOST + "listen_addresses = 'a,,b'").size());
        assertEquals(1, problems(HOST + "listen_addresses = 'a b'").size());
        assertEquals(1, problems(HOST + "listen_addresses = ''").size());
        assertEquals(
                1,
                problems(HOST + "listen_addresses = '" + "a,".repeat(ListType.MAX_ELEMENTS) + "a'")
                        .size());
    }

    @ParameterizedTest
    @Proves("C5")
    @ValueSource(strings = {"DEBUG", "info", "Notice", "WARNING", "ERROR", "LOG", "FATAL", "PANIC"})
    void aLevelIsTakenInUpperAndLowerCase(String level) throws ConfigException {
        assertTrue(load(HOST + "log_min_messages = " + level)
                .log()
                .minimum()
                .name()
                .equalsIgnoreCase(level));
    }

    @ParameterizedTest
    @CsvSource({
        "Port, port",
        "backend_hosts0, backend_host0",
        "backendport3, backend_port3",
        "heartbeat_intervall, heartbeat_interval",
        "log_min_message, log_min_messages",
        "maxpool, max_pool",
        "default_pool_size, num_init_children",
        "backend_hostname1, backend_host1",
        "Listen_Port, port",
        "num_init_childen, num_init_children"
    })
    void anUnknownNameGetsTheNearestOneAsAHint(String wrong, String right) {
        String problem = problems(HOST + wrong + " = 5").get(0);
        assertTrue(problem.endsWith("unknown parameter (did you mean \"" + right + "\"?)"), problem);
    }

    @Test
    void aNameThatIsNearToNothingGetsNoHint() {
        assertEquals(
                List.of("conmgr.conf:2: shared_buffers: unknown parameter"), problems(HOST + "shared_buffers = 5"));
    }

    @Test
    void aHostHasALengthLimit() throws ConfigException {
        load("backend_host0 = " + "a".repeat(TextType.MAX_LENGTH));
        assertEquals(
                1,
                problems("backend_host0 = " + "a".repeat(TextType.MAX_LENGTH + 1))
                        .size());
        assertEquals(1, problems("backend_host0 = 'a b'").size());
        assertEquals(1, problems("backend_host0 = ''").size());
    }
}
