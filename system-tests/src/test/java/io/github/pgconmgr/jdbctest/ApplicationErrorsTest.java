package io.github.pgconmgr.jdbctest;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Proves;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The SQLSTATEs and messages of docs/applications.md, one test per kind of failure, each for a session that executes a statement,
 * for one that is idle, and for the next connect; by the driver and by the socket factory.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ApplicationErrorsTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final List<Way> BOTH = List.of(Way.DRIVER, Way.SOCKET_FACTORY);
    private static final String PRIMARY = "targetServerType=primary";
    private static final String SELECT = "SELECT 1";

    private static JdbcStage stage;
    private static JdbcApplication application;

    /** Two sessions; one of the two executes a statement. */
    private record Sessions(JdbcApplication.Running statement) {

        static Sessions open(Way way) {
            // What was cut on our side sleeps on at the instance: nobody has told it.
            stage.one().sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
            awaitSleepers(0);
            application.open("busy", way, JdbcStage.CONMGR, PRIMARY).expectOk();
            application.open("idle", way, JdbcStage.CONMGR, PRIMARY).expectOk();
            JdbcApplication.Running statement = application.start("sql", "busy", "SELECT pg_sleep(60)");
            awaitSleepers(1);
            return new Sessions(statement);
        }

        void expect(String sqlState, String words) {
            statement.await().expectError(sqlState, words);
            application.sql("idle", SELECT).expectError(sqlState, words);
        }
    }

    @BeforeAll
    static void build() throws Exception {
        stage = new JdbcStage();
        application = stage.application();
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    private static void awaitSleepers(int number) {
        Await.until(
                number + " sessions sleep",
                LIMIT,
                () -> stage.one()
                        .sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
                        .equals(Integer.toString(number)));
    }

    private static void expectNoConnection(String driversWords) {
        application.open("x", Way.DRIVER, JdbcStage.CONMGR, PRIMARY).expectError("08001", driversWords);
        application.open("x", Way.SOCKET_FACTORY, JdbcStage.CONMGR, PRIMARY).expectError("08001");
    }

    @Test
    @Order(1)
    @Proves("A2")
    void anInstanceThatEndsASessionSaysWhy() {
        for (Way way : BOTH) {
            Sessions sessions = Sessions.open(way);
            stage.one()
                    .sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                            + " WHERE client_addr IS NOT NULL AND backend_type = 'client backend'");
            sessions.expect("57P01", "terminating connection due to administrator command");
            application.open("next", way, JdbcStage.CONMGR, PRIMARY).expectOk();
            application.leave("next");
        }
    }

    @Test
    @Order(2)
    @Proves({"A2", "T4"})
    void anInstanceThatDiesWithoutAWordIsToldByConmgr() {
        for (Way way : BOTH) {
            Sessions sessions = Sessions.open(way);
            stage.one().kill();
            sessions.expect("08006", "");
            // The sessions' own sockets may be first to know.
            Await.until("conmgr has given it up", LIMIT, () -> stage.instances("DOWN") == 1);
            expectNoConnection(
                    "no instance with target_session_attrs \"read-write\" is known: instance 0 has been down");
            stage.one().start();
            Await.until("conmgr hears both again", LIMIT, () -> stage.instances("ALIVE") == 2);
        }
    }

    @Test
    @Order(3)
    @Proves({"A2", "T4"})
    void aConmgrThatDiesGivesTheErrorsOfADeadInstance() {
        for (Way way : BOTH) {
            Sessions sessions = Sessions.open(way);
            stage.signalConmgr("KILL");
            sessions.expect("08006", "conmgr closed its connection");
            expectNoConnection("cannot connect to localhost:27546: Connection refused");
            stage.startConmgr();
        }
    }

    @Test
    @Order(4)
    @Proves({"A2", "C9"})
    void aFastStopOfConmgrGivesThemTooAndNamesItself() {
        for (Way way : BOTH) {
            Sessions sessions = Sessions.open(way);
            stage.story().cmCtl("stop", "-m", "fast").expectSuccess();
            sessions.expect("08006", "conmgr is stopping");
            stage.startConmgr();
        }
    }

    @Test
    @Order(5)
    @Proves({"A2", "T4"})
    void anImmediateStopIsAnErrorOfTheInstanceOrOfConmgrWhicheverIsFirst() {
        for (Way way : BOTH) {
            Sessions sessions = Sessions.open(way);
            stage.one().stop(PgInstance.StopMode.IMMEDIATE);
            sessions.statement().await().expectErrorOf("57P01", "08006");
            // Suspect for a moment, then down.
            expectNoConnection("instance 0 has been ");
            stage.one().start();
            Await.until("conmgr hears both again", LIMIT, () -> stage.instances("ALIVE") == 2);
        }
    }
}
