package io.github.pgconmgr.libpqtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.Program;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.time.NanoClock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What a program on libpq sees when its conmgr or its instance's host fails, whatever it waits in. The 20 ms within which a
 * notice must end a wait are measured in libpqcm/tests/notice_test.c; here the processes share a busy machine.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FaultsTest {

    private static final String PRIMARY = LibpqStage.CONMGR + "target_session_attrs=primary ";
    private static final String SLEEP = "SELECT pg_sleep(120)";
    private static final String COPY_OUT = "COPY (SELECT pg_sleep(120)) TO STDOUT";
    private static final long MARGIN_NANOS = 1_000_000_000L;

    /** Verb and SQL of each kind of wait. */
    private static final List<List<String>> WAITS = List.of(
            List.of("exec", SLEEP),
            List.of("copy-out", COPY_OUT),
            List.of("copy-in", "COPY filled FROM STDIN"),
            List.of("pipeline", SLEEP),
            List.of("by-socket", SLEEP),
            List.of("by-cm-socket", SLEEP));

    private static LibpqStage stage;

    @BeforeAll
    static void build() throws IOException {
        stage = new LibpqStage();
        // The writer of a COPY waits as soon as the trigger does.
        stage.one().sql("""
                CREATE TABLE filled (line text);
                CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(120); RETURN NEW; END';
                CREATE TRIGGER wait BEFORE INSERT ON filled FOR EACH ROW EXECUTE FUNCTION wait()
                """);
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    /** Starts a program for each kind of wait, with each of these parameters; nobody else may sleep. */
    private static List<Program> startAll(String... more) {
        List<Program> waiting = new ArrayList<>();
        for (String parameters : more) {
            for (List<String> wait : WAITS) {
                waiting.add(stage.startClient(wait.get(0), PRIMARY + parameters, wait.get(1)));
            }
        }
        awaitSleepers(waiting.size());
        return waiting;
    }

    private static void awaitSleepers(int number) {
        Await.until(
                number + " sessions sleep",
                LibpqStage.LIMIT,
                () -> stage.one()
                        .sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
                        .equals(Integer.toString(number)));
    }

    private static void endLeftovers() {
        stage.one().sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
        awaitSleepers(0);
    }

    /** When the program's wait ended, in monotonic nanoseconds; it must have ended as on a cut connection. */
    private static long expectCut(Program program) {
        String[] ended = program.awaitLine("ended ", LibpqStage.LIMIT).split(" ", 5);
        assertTrue(List.of("PGRES_FATAL_ERROR", "-").contains(ended[2]), ended[2]);
        assertEquals("-", ended[3]);
        assertTrue(ended[4].contains("closed the connection") || ended[4].contains("EOF"), ended[4]);
        return Long.parseLong(ended[1]);
    }

    @Test
    @Order(1)
    @Proves({"T3", "A1", "A2"})
    void aFrozenConmgrCostsTheTimeLimitAndTheNextHostIsTried() {
        String list = "host=localhost,db1 port=" + Story.CONMGR_PORT + ",27500 user=postgres dbname=postgres ";
        stage.signalConmgr("STOP");
        try {
            long start = NanoClock.SYSTEM.nanoTime();
            assertEquals("one", stage.psql(list + "connect_timeout=2", "SHOW cluster_name"));
            long millis = (NanoClock.SYSTEM.nanoTime() - start) / 1_000_000;
            // As with libpq alone, each of localhost's two addresses has its own time.
            assertTrue(millis >= 2000 && millis < 6000, millis + " ms");
            // Without a limit, this machine's conmgr has 5 s.
            Finished alone = stage.run("psql", "-X", LibpqStage.CONMGR);
            assertEquals(2, alone.exit());
            assertTrue(alone.err().contains("failed: timeout expired"), alone.err());
        } finally {
            stage.signalConmgr("CONT");
        }
        stage.awaitAlive(2);
    }

    @Test
    @Order(2)
    @Proves({"T4", "A2", "A4"})
    void aConmgrThatIsKilledEndsEveryWaitAndTheNextHostIsTriedUntilItIsBack() {
        for (String tls : List.of("sslmode=disable", "sslmode=require")) {
            List<Program> waiting = startAll(tls);
            Program resetting = stage.startClient("reset", PRIMARY + tls, SLEEP);
            stage.signalConmgr("KILL");
            long killed = NanoClock.SYSTEM.nanoTime();
            for (Program program : waiting) {
                long ended = expectCut(program);
                assertTrue(ended - killed < MARGIN_NANOS, (ended - killed) + " ns");
                assertEquals(0, program.awaitExit(LibpqStage.LIMIT));
            }
            expectCut(resetting);
            Finished refused = stage.run("psql", "-X", PRIMARY);
            assertEquals(2, refused.exit());
            assertTrue(refused.err().contains("Connection refused"), refused.err());
            assertEquals(
                    "one",
                    stage.psql(
                            "host=localhost,db1 port=" + Story.CONMGR_PORT + ",27500 user=postgres dbname=postgres",
                            "SHOW cluster_name"));
            stage.startConmgr();
            resetting.awaitLine("again db1 ", LibpqStage.LIMIT);
            endLeftovers();
        }
    }

    @Test
    @Order(3)
    @Proves({"L1", "T4", "A2", "A4"})
    void aLinkThatIsDownEndsEveryWaitByConmgrsNotice() {
        List<Program> waiting = startAll("sslmode=disable", "sslmode=require");
        stage.story().lab().cut(stage.story().db1());
        long cut = NanoClock.SYSTEM.nanoTime();
        for (Program program : waiting) {
            long nanos = expectCut(program) - cut;
            assertTrue(nanos < LibpqStage.TIMEOUT_MILLIS * 1_000_000L + MARGIN_NANOS, nanos + " ns");
        }
        // A1: conmgr knows no primary now, and says so; the list goes on to the standby.
        Finished refused = stage.run("psql", "-X", PRIMARY);
        assertEquals(2, refused.exit());
        assertTrue(refused.err().contains("failed: conmgr: no instance"), refused.err());
        assertEquals(
                "two",
                stage.psql(
                        "host=localhost,db2 port=" + Story.CONMGR_PORT + ",27500 user=postgres dbname=postgres"
                                + " target_session_attrs=any",
                        "SHOW cluster_name"));
    }
}
