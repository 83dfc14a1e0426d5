package io.github.pgconmgr.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Proves;
import java.sql.SQLException;
import java.util.Properties;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConmgrUrlTest {

    @Proves("A1")
    @ParameterizedTest
    @CsvSource(delimiterString = " -> ", textBlock = """
            jdbc:conmgr://cm/shop                       -> cm:27546                      -> shop
            jdbc:conmgr://cm:1234/shop                  -> cm:1234                       -> shop
            jdbc:conmgr://a,b:5432,c/shop               -> a:27546 b:5432 c:27546        -> shop
            jdbc:conmgr://[::1]/shop                    -> [::1]:27546                   -> shop
            jdbc:conmgr://[::1]:1,[fe80::2%eth0]/shop   -> [::1]:1 [fe80::2%eth0]:27546  -> shop
            jdbc:conmgr://:1234/shop                    -> localhost:1234                -> shop
            jdbc:conmgr:///shop                         -> localhost:27546               -> shop
            jdbc:conmgr:shop                            -> localhost:27546               -> shop
            jdbc:conmgr://cm/a%2Fb%20c?x=1              -> cm:27546                      -> a/b c
            """)
    void hostsPortsAndDatabaseAreReadAsPgjdbcReadsThem(String url, String hosts, String database) throws SQLException {
        ConmgrUrl parsed = ConmgrUrl.parse(url.strip(), null);
        assertEquals(
                hosts.strip(), parsed.hosts().stream().map(HostPort::toString).collect(Collectors.joining(" ")));
        assertEquals(database, parsed.database());
    }

    @Test
    void aHostGivenAsPropertyIsAskedAtConmgrsPort() throws SQLException {
        Properties info = new Properties();
        info.setProperty("PGHOST", "elsewhere");
        assertEquals(
                "[elsewhere:27546]",
                ConmgrUrl.parse("jdbc:conmgr:shop", info).hosts().toString());
    }

    @Test
    void withoutDatabaseTheUserNamesItAndWithoutBothPgjdbcDecides() throws SQLException {
        assertEquals("amy", ConmgrUrl.parse("jdbc:conmgr://cm/?user=amy", null).database());
        assertNull(ConmgrUrl.parse("jdbc:conmgr://cm/", null).database());
    }

    @Test
    @Proves("T6")
    void whatIsNotHostPortOrAttributeIsKeptForTheInstanceDecodedOnce() throws SQLException {
        Properties info = new Properties();
        info.setProperty("user", "amy");
        info.setProperty("ApplicationName", "till");
        ConmgrUrl parsed = ConmgrUrl.parse(
                "jdbc:conmgr://cm/shop?password=a%26b%2Bc&sslmode=verify-full&targetServerType=secondary&unheardOf=x",
                info);
        Properties expected = new Properties();
        expected.putAll(info);
        expected.setProperty("password", "a&b+c");
        expected.setProperty("sslmode", "verify-full");
        expected.setProperty("unheardOf", "x");
        assertEquals(expected, parsed.properties());
        assertEquals(TargetServerType.SECONDARY, parsed.target());
    }

    @Test
    void theUrlOutranksTheProperties() throws SQLException {
        Properties info = new Properties();
        info.setProperty("targetServerType", "primary");
        assertEquals(
                TargetServerType.ANY,
                ConmgrUrl.parse("jdbc:conmgr://cm/shop?targetServerType=any", info)
                        .target());
    }

    @Test
    void noPasswordIsInventedWhereNoneIsGiven() throws SQLException {
        assertFalse(ConmgrUrl.parse("jdbc:conmgr://cm/shop", null).properties().containsKey("password"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:conmgr://cm?password=secret",
                "jdbc:conmgr://cm/shop/till?password=secret",
                "jdbc:conmgr:/shop?password=secret",
                "jdbc:conmgr://cm:0/shop?password=secret",
                "jdbc:conmgr://cm:65536/shop?password=secret",
                "jdbc:conmgr://cm:x/shop?password=secret",
                "jdbc:conmgr://cm/shop?password=secret%zz",
                "jdbc:conmgr://cm/shop?password=secret&socketFactory=some.Factory",
                "jdbc:conmgr://cm/shop?password=secret&targetServerType=none"
            })
    void whatCannotBeUsedIsRefusedWithoutShowingThePassword(String url) {
        SQLException refused = assertThrows(SQLException.class, () -> ConmgrUrl.parse(url, null));
        assertEquals("22023", refused.getSQLState());
        assertFalse(refused.getMessage().contains("secret"));
    }

    @Test
    void otherDriversUrlsAreNotOurs() throws SQLException {
        assertFalse(ConmgrUrl.accepts("jdbc:postgresql://cm/shop"));
        assertTrue(ConmgrUrl.accepts("jdbc:conmgr://cm/shop"));
        assertNull(new ConmgrDriver().connect("jdbc:postgresql://cm/shop", new Properties()));
    }
}
