package io.github.pgconmgr.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Proves;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** HikariCP in each way that it can be told of us. */
class HikariTest {

    private ScriptedPostgres instance;
    private ScriptedConmgr conmgr;

    @BeforeEach
    void start() throws IOException {
        instance = ScriptedPostgres.primary();
        conmgr = ScriptedConmgr.naming(instance);
    }

    @AfterEach
    void stop() throws IOException {
        Await.until("no channel to conmgr", DriverUnderTest.LIMIT, () -> conmgr.openConnections() == 0);
        conmgr.close();
        instance.close();
    }

    private String url() {
        return "jdbc:conmgr://" + conmgr.hostPort() + "/shop?targetServerType=primary";
    }

    /** A pool of one. */
    private static HikariDataSource pool(Consumer<HikariConfig> how) {
        HikariConfig config = new HikariConfig();
        config.setUsername("amy");
        config.setMaximumPoolSize(1);
        // Otherwise it connects once more, to fail fast.
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(5000);
        how.accept(config);
        return new HikariDataSource(config);
    }

    private void assertPools(HikariDataSource pool) throws SQLException {
        for (int i = 0; i < 3; i++) {
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                assertTrue(connection.isWrapperFor(PGConnection.class));
                statement.execute("SELECT 1");
            }
        }
        assertEquals(1, instance.startups.size(), "one connection for all");
        assertEquals("amy", instance.startups.get(0).get("user"));
        assertEquals(1, conmgr.openConnections());
    }

    @Test
    @Proves("T1")
    void jdbcUrlIsEnough() throws Exception {
        try (HikariDataSource pool = pool(config -> config.setJdbcUrl(url()))) {
            assertPools(pool);
        }
    }

    @Test
    void jdbcUrlWithTheDriversClassName() throws Exception {
        try (HikariDataSource pool = pool(config -> {
            config.setDriverClassName(ConmgrDriver.class.getName());
            config.setJdbcUrl(url());
        })) {
            assertPools(pool);
        }
    }

    @Test
    void theDataSourcesClassNameWithAUrl() throws Exception {
        try (HikariDataSource pool = pool(config -> {
            config.setDataSourceClassName(ConmgrDataSource.class.getName());
            config.addDataSourceProperty("url", url());
        })) {
            assertPools(pool);
        }
    }

    @Test
    void theDataSourcesClassNameWithItsProperties() throws Exception {
        try (HikariDataSource pool = pool(config -> {
            config.setDataSourceClassName(ConmgrDataSource.class.getName());
            config.addDataSourceProperty("serverName", "127.0.0.1");
            config.addDataSourceProperty("portNumber", conmgr.port());
            config.addDataSourceProperty("databaseName", "shop");
            config.addDataSourceProperty("targetServerType", "primary");
        })) {
            assertPools(pool);
        }
    }

    @Test
    void pgjdbcsUrlWithTheSocketFactory() throws Exception {
        try (HikariDataSource pool = pool(config -> config.setJdbcUrl("jdbc:postgresql://" + conmgr.hostPort()
                + "/shop?targetServerType=primary&socketFactory=" + ConmgrSocketFactory.class.getName()))) {
            assertPools(pool);
        }
    }

    @Test
    @Proves({"T4", "A2"})
    void aConnectionThatWasCutInUseIsThrownAwayAndTheNextOneIsNew() throws Exception {
        try (HikariDataSource pool = pool(config -> config.setJdbcUrl(url()))) {
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                conmgr.sendDown("no heartbeat for 3.0 s");
                Await.until("the session is cut", DriverUnderTest.LIMIT, () -> instance.openConnections() == 0);
                SQLException failed = assertThrows(SQLException.class, () -> statement.execute("SELECT 1"));
                assertEquals("08006", failed.getSQLState());
            }
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("SELECT 1");
            }
            assertEquals(2, instance.startups.size());
        }
    }
}
