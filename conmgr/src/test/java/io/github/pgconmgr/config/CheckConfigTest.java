package io.github.pgconmgr.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** backend_check, check_conninfo and check_interval, together. */
class CheckConfigTest {

    private static final String HOST = "backend_host0 = db0\n";

    @TempDir
    Path directory;

    private static LoadedConfig load(String text) throws ConfigException {
        return ConfigLoader.parse("conmgr.conf", HOST + text);
    }

    private static InstanceConfig instance(String text) throws ConfigException {
        return load(text).config().instances().get(0);
    }

    private static String problem(String text) {
        ConfigException e = assertThrows(ConfigException.class, () -> load(text));
        assertEquals(1, e.problems().size(), e.getMessage());
        return e.problems().get(0).toString();
    }

    @Test
    void theWatchdogTellsUnlessTheFileSaysOtherwise() throws ConfigException {
        assertEquals(CheckConfig.WATCHDOG, instance("").check());
        assertNull(instance("backend_check0 = watchdog").check().conninfo());
        assertEquals(1_000_000_000L, load("").config().heartbeat().checkIntervalNanos());
    }

    @Test
    void aConnectionStringIsReadAsLibpqReadsIt() throws ConfigException {
        CheckConninfo all = instance("backend_check0 = both\ncheck_conninfo0 = 'user = ''o\\''neil''  database=a\\ b"
                        + " passfile=p sslmode=verify-full sslrootcert=''r s'' connect_timeout=3'")
                .check()
                .conninfo();
        assertEquals(new CheckConninfo("o'neil", "a b", "p", CheckConninfo.SslMode.VERIFY_FULL, "r s", 3), all);
        assertEquals(
                new CheckConninfo("a", "postgres", "", CheckConninfo.SslMode.PREFER, "", 0),
                instance("check_conninfo0 = user=a").check().conninfo());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "user=a passwort=hidden | unknown keyword \"passwort\"; known ones are user, dbname (or database),"
                        + " passfile, sslmode, sslrootcert, connect_timeout",
                "user=a password=hidden | a password does not belong into this file, which cm_ctl show prints; put it"
                        + " into a file of the form of .pgpass and name that with \"passfile\"",
                "user=a host=hidden | \"host\" is the instance's: set \"backend_host\"",
                "user=a sslmode=hidden | sslmode is not one of disable, allow, prefer, require, verify-ca, verify-full",
                "user=a connect_timeout=hidden | connect_timeout: not a number of seconds, 0 .. 86400",
                "user=a hidden | expected keyword=value, with quotes around a value that has blanks",
                "postgresql://a:hidden@b | a URI is not taken here; write keyword=value",
                "dbname=hidden | keyword \"user\" is missing: the role that conmgr connects as",
            })
    void aProblemIsNamedWithoutAWordOfTheValue(String conninfo, String reason) {
        String problem = problem("check_conninfo0 = '" + conninfo + "'");
        assertEquals("conmgr.conf:2: check_conninfo0: " + reason, problem);
        assertFalse(problem.contains("hidden"));
    }

    @Test
    void sqlNeedsAConnectionString() {
        assertEquals(
                "conmgr.conf:2: backend_check0: \"sql\" needs \"check_conninfo0\"", problem("backend_check0 = sql"));
        assertTrue(problem("backend_check0 = BOTH\ncheck_conninfo0 = x").startsWith("conmgr.conf:3: check_conninfo0"));
    }

    @Test
    void aPassfileIsMeantFromTheDirectoryOnAndMustBeItsOwnersOwn() throws Exception {
        Path conf = directory.resolve(ConfigLoader.FILE_NAME);
        Files.writeString(conf, HOST + "backend_check0 = sql\ncheck_conninfo0 = 'user=a passfile=p sslrootcert=r'\n");
        ConfigException missing = assertThrows(ConfigException.class, () -> ConfigLoader.load(directory));
        Path passfile = directory.resolve("p");
        assertEquals(
                conf + ":3: check_conninfo0: passfile \"" + passfile + "\" does not exist",
                missing.problems().get(0).toString());
        write(passfile, "rw-r--r--");
        assertThrows(ConfigException.class, () -> ConfigLoader.load(directory));
        write(passfile, "rw-------");
        CheckConninfo conninfo =
                ConfigLoader.load(directory).config().instances().get(0).check().conninfo();
        assertEquals(passfile.toString(), conninfo.passfile());
        assertEquals(directory.resolve("r").toString(), conninfo.sslRootCert());
    }

    private static void write(Path file, String permissions) throws IOException {
        Files.writeString(file, "*:*:*:*:secret\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    @Test
    void aTimeoutThatIsNotLongerThanTheCheckIntervalIsAWarningWhereAnybodyIsChecked() throws ConfigException {
        String slow = "check_interval = 20s\n";
        assertEquals(List.of(), load(slow).warnings());
        LoadedConfig checked = load(slow + "backend_check0 = sql\ncheck_conninfo0 = user=a\n");
        assertEquals(
                "conmgr.conf:2: heartbeat_timeout: 20000 ms is not longer than check_interval, 20000 ms: every check by"
                        + " SQL is always judged abnormal",
                checked.warnings().get(0).toString());
        assertTrue(checked.config().heartbeat().checksAlwaysAbnormal());
        assertFalse(load("check_interval = 19999").config().heartbeat().checksAlwaysAbnormal());
    }

    @Test
    void aLagInTimeNeedsChecksBySqlOfEveryInstanceAndThreeIntervals() throws ConfigException {
        String sql = "backend_check0 = both\ncheck_conninfo0 = user=a\n";
        assertEquals(
                LagLimit.nanos(3_000_000_000L),
                load(sql + "max_standby_lag = 3s").config().routing().maxStandbyLag());
        assertEquals(
                "conmgr.conf:4: max_standby_lag: a time must be at least three times check_interval, 3000 ms",
                problem(sql + "max_standby_lag = 2999ms"));
        assertEquals(
                "conmgr.conf:5: max_standby_lag: a time needs \"backend_check1\" to be \"sql\" or \"both\"",
                problem(sql + "backend_host1 = db1\nmax_standby_lag = 1h"));
        assertEquals(
                LagLimit.bytes(1L << 20),
                load("max_standby_lag = 1MB").config().routing().maxStandbyLag());
    }

    @Test
    void twoNumbersForOneInstanceThatSqlChecksAreAWarning() throws ConfigException {
        String sql = "backend_check0 = sql\ncheck_conninfo0 = user=a\nbackend_check1 = sql\ncheck_conninfo1 = user=a\n";
        assertEquals(
                "conmgr.conf:6: instances 0 and 1 have the same host and port",
                load(sql + "backend_host1 = db0\n").warnings().get(0).toString().replace(":4:", ":6:"));
        assertEquals(
                List.of(),
                load(sql + "backend_host1 = db0\nbackend_port1 = 1\n").warnings());
    }
}
