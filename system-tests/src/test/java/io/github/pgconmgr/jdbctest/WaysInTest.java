package io.github.pgconmgr.jdbctest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Proves;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Drivers and pools against real servers: routing, TLS, passwords, cancels, host lists. */
class WaysInTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String APPLICATIONS =
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND client_addr IS NOT NULL";

    private static JdbcStage stage;
    private static JdbcApplication application;

    @BeforeAll
    static void build() throws Exception {
        stage = new JdbcStage();
        application = stage.application();
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @AfterEach
    void nothingIsLeft() {
        Await.until("no session", LIMIT, () -> stage.one().sql(APPLICATIONS).equals("0"));
        Await.until(
                "conmgr has none either",
                LIMIT,
                () -> stage.story().cmCtl("status").out().contains("applications: 0"));
    }

    private static void assertReaches(String instance, Way way, String hosts, String target) {
        assertEquals(
                instance,
                application.open("c", way, hosts, "targetServerType=" + target).expectOk());
        application.leave("c");
    }

    @ParameterizedTest
    @EnumSource
    @Proves({"T1", "T2", "A7"})
    void eachWayLeadsToThePrimaryAndToTheStandby(Way way) {
        assertReaches("one", way, JdbcStage.CONMGR, "primary");
        assertReaches("two", way, JdbcStage.CONMGR, "secondary");
        assertReaches("two", way, JdbcStage.CONMGR, "preferSecondary");
    }

    @ParameterizedTest
    @EnumSource
    @Proves("T6")
    void tlsIsVerifiedAgainstTheInstancesNameAndThePasswordIsTheInstancesOwn(Way way) {
        String primary = "targetServerType=primary" + JdbcStage.tls(stage, "verify-full");
        application
                .openAsAmy("c", way, JdbcStage.CONMGR, primary, JdbcStage.PASSWORD)
                .expectOk();
        assertEquals(
                "t",
                application
                        .sql("c", "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
                        .expectOk());
        application.leave("c");
    }

    @ParameterizedTest
    @EnumSource(names = {"DRIVER", "SOCKET_FACTORY"})
    @Proves("T6")
    void aCertificateForAnotherNameIsRefused(Way way) {
        String standby = "targetServerType=secondary";
        application
                .openAsAmy(
                        "c", way, JdbcStage.CONMGR, standby + JdbcStage.tls(stage, "verify-full"), JdbcStage.PASSWORD)
                .expectError("08006", "could not be verified");
        application
                .openAsAmy("c", way, JdbcStage.CONMGR, standby + JdbcStage.tls(stage, "verify-ca"), JdbcStage.PASSWORD)
                .expectOk();
        application.leave("c");
    }

    @ParameterizedTest
    @EnumSource(names = {"DRIVER", "SOCKET_FACTORY"})
    @Proves({"T6", "A2"})
    void theInstancesRefusalComesThrough(Way way) {
        application
                .openAsAmy("c", way, JdbcStage.CONMGR, "targetServerType=primary", "wrong")
                .expectError("28P01");
        application
                .openAsAmy("c", way, JdbcStage.CONMGR, "targetServerType=primary&sslmode=disable", JdbcStage.PASSWORD)
                .expectError("28000");
    }

    @ParameterizedTest
    @EnumSource
    @Proves("T6")
    void cancelsReachTheInstanceAndTheSessionGoesOn(Way way) {
        application
                .openAsAmy("c", way, JdbcStage.CONMGR, "targetServerType=primary", JdbcStage.PASSWORD)
                .expectOk();
        JdbcApplication.Running slow = application.start("sql", "c", "SELECT pg_sleep(30)");
        Await.until(
                "it sleeps",
                LIMIT,
                () -> stage.one()
                        .sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
                        .equals("1"));
        application.start("cancel", "c").await().expectOk();
        slow.await().expectError("57014");
        JdbcApplication.Outcome limited =
                application.start("limited", "c", "SELECT pg_sleep(30)", "1").await();
        limited.expectError("57014").expectSeconds(1, 5);
        assertEquals("5", application.sql("c", "SELECT 2 + 3").expectOk());
        application.leave("c");
    }

    @ParameterizedTest
    @EnumSource(names = {"DRIVER", "SOCKET_FACTORY"})
    @Proves({"A1", "T1"})
    void listsMixConmgrsAndInstancesAndTheAbsent(Way way) {
        String absent = "localhost:1";
        assertReaches("one", way, absent + ",db2:27500," + JdbcStage.CONMGR, "primary");
        assertReaches("two", way, "db1:27500," + absent + "," + JdbcStage.CONMGR, "secondary");
        assertReaches("one", way, JdbcStage.CONMGR + ",db2:27500", "primary");
        assertReaches("two", way, JdbcStage.CONMGR + ",db1:27500", "secondary");
        assertReaches("one", way, "db1:27500", "any");
    }

    @Test
    @Proves("A7")
    void preferPrimaryIsRefused() {
        String prefer = "targetServerType=preferPrimary";
        application.open("c", Way.DRIVER, JdbcStage.CONMGR, prefer).expectError("22023", "preferPrimary");
        application.open("c", Way.SOCKET_FACTORY, JdbcStage.CONMGR, prefer).expectError("08001", "preferPrimary");
    }
}
