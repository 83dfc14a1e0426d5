package io.github.pgconmgr.jdbctest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Proves;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** What a JDBC application sees when its conmgr or its instance's host fails, by each way in. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConmgrFaultsTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final List<Way> BOTH = List.of(Way.DRIVER, Way.SOCKET_FACTORY);
    private static final String SLEEP = "SELECT pg_sleep(60)";
    private static final String PRIMARY = "targetServerType=primary";

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

    /** What was cut on our side sleeps on at the instance: nobody has told it. */
    @BeforeEach
    void endLeftovers() {
        stage.one().sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
        awaitSleepers(0);
    }

    private static void open(String session, Way way, String hosts, String more) {
        application.open(session, way, hosts, PRIMARY + more).expectOk();
    }

    private static void awaitSleepers(int number) {
        Await.until(
                number + " sessions sleep",
                LIMIT,
                () -> stage.one()
                        .sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
                        .equals(Integer.toString(number)));
    }

    @Test
    @Order(1)
    @Proves({"T3", "A1", "A2"})
    void aFrozenConmgrCostsTheTimeLimitAndTheNextHostIsTried() {
        stage.signalConmgr("STOP");
        try {
            List<JdbcApplication.Running> attempts = new ArrayList<>();
            for (Way way : BOTH) {
                for (String limit : List.of("&connectTimeout=1", "&loginTimeout=1")) {
                    String url = way.url(JdbcStage.CONMGR, PRIMARY + limit);
                    attempts.add(application.start("open", "x", way.how(), url, "postgres", ""));
                }
            }
            for (JdbcApplication.Running attempt : attempts) {
                // The socket factory gives a conmgr half of connectTimeout.
                attempt.await().expectError("08001").expectSeconds(0, 4);
            }
            for (Way way : BOTH) {
                open("next", way, JdbcStage.CONMGR + ",db1:27500", "&connectTimeout=3");
                application.leave("next");
            }
        } finally {
            stage.signalConmgr("CONT");
        }
        Await.until("conmgr hears both again", LIMIT, () -> stage.instances("ALIVE") == 2);
    }

    @Test
    @Order(2)
    @Proves({"A1", "A2", "T4"})
    void aConmgrThatIsKilledEndsItsSessionsAndTheNextHostIsTriedUntilItIsBack() {
        List<JdbcApplication.Running> statements = new ArrayList<>();
        for (Way way : Way.values()) {
            open(way.name(), way, JdbcStage.CONMGR, "");
            statements.add(application.start("sql", way.name(), SLEEP));
        }
        open("idle", Way.DRIVER, JdbcStage.CONMGR, "");
        awaitSleepers(statements.size());
        stage.signalConmgr("KILL");
        for (JdbcApplication.Running statement : statements) {
            statement.await().expectError("08006", "conmgr closed its connection");
        }
        application.sql("idle", "SELECT 1").expectError("08006", "conmgr closed its connection");
        for (Way way : BOTH) {
            application.open("x", way, JdbcStage.CONMGR, PRIMARY).expectError("08001");
            open("y", way, JdbcStage.CONMGR + ",db1:27500", "");
            application.leave("y");
        }
        stage.startConmgr();
        for (Way way : List.of(Way.POOL, Way.POOL_OF_DATA_SOURCE, Way.POOL_OF_SOCKET_FACTORY)) {
            assertEquals("one", application.start("again", way.name()).await().expectOk());
            application.leave(way.name());
        }
    }

    @Test
    @Order(3)
    @Proves({"A2", "T4"})
    void aSilentInstanceEndsItsSessionsByConmgrsNotice() {
        List<JdbcApplication.Running> statements = new ArrayList<>();
        for (Way way : BOTH) {
            open(way.name(), way, JdbcStage.CONMGR, "");
            statements.add(application.start("sql", way.name(), SLEEP));
        }
        awaitSleepers(statements.size());
        stage.story().lab().cut(stage.story().db1());
        for (JdbcApplication.Running statement : statements) {
            statement.await().expectError("08006", "instance 0 (db1:27500) is down: no heartbeat for ");
        }
        for (Way way : BOTH) {
            application
                    .open("x", way, JdbcStage.CONMGR, PRIMARY + "&connectTimeout=2")
                    .expectError("08001");
            assertEquals(
                    "two",
                    application
                            .open("y", way, JdbcStage.CONMGR, "targetServerType=any")
                            .expectOk());
            application.leave("y");
        }
    }
}
