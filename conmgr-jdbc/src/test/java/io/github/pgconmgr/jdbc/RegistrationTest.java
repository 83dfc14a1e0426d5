package io.github.pgconmgr.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Proves;
import java.net.SocketException;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Properties;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.postgresql.jdbc.PgConnection;

/** How an application comes to the driver. */
class RegistrationTest {

    @Test
    @Proves("T1")
    void theDriverManagerFindsItByTheUrlAlone() throws Exception {
        try (ScriptedPostgres instance = ScriptedPostgres.primary();
                ScriptedConmgr conmgr = ScriptedConmgr.naming(instance);
                Connection connection =
                        DriverManager.getConnection("jdbc:conmgr://" + conmgr.hostPort() + "/shop", "amy", "secret")) {
            assertInstanceOf(PgConnection.class, connection);
        }
    }

    @Test
    void theServiceLoaderKnowsIt() {
        assertTrue(ServiceLoader.load(Driver.class).stream()
                .anyMatch(provider -> provider.type().equals(ConmgrDriver.class)));
    }

    @Test
    void aDeregisteredDriverIsNoLongerFoundAndCanComeBack() throws SQLException {
        String url = "jdbc:conmgr://localhost/shop";
        Driver registered = DriverManager.getDriver(url);
        DriverManager.deregisterDriver(registered);
        assertThrows(SQLException.class, () -> DriverManager.getDriver(url));
        DriverManager.registerDriver(new ConmgrDriver());
        assertNotSame(registered, DriverManager.getDriver(url));
    }

    @Test
    void itsPropertiesArePgjdbcs() {
        Properties info = new Properties();
        String[] ours = Arrays.stream(new ConmgrDriver().getPropertyInfo("jdbc:conmgr://cm/shop", info))
                .map(property -> property.name)
                .toArray(String[]::new);
        String[] theirs = Arrays.stream(new org.postgresql.Driver().getPropertyInfo("jdbc:postgresql://cm/shop", info))
                .map(property -> property.name)
                .toArray(String[]::new);
        assertEquals(Arrays.asList(theirs), Arrays.asList(ours));
    }

    @Test
    void theSocketFactoryIsOfNoUseWithoutATicket() {
        assertThrows(SocketException.class, () -> new InstanceSocketFactory("no such ticket"));
    }
}
