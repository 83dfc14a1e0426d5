package io.github.pgconmgr.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PgClusterTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Test
    void aPrimaryTakesSettingsReloadsAndComesBackAfterAKill() {
        try (PgCluster cluster = new PgCluster()) {
            PgInstance primary = cluster.primary("p", Machine.LOCAL, Map.of("work_mem", "5MB"));
            assertEquals("5MB", primary.sql("SHOW work_mem"));
            primary.set("work_mem", "6MB");
            primary.reload();
            Await.until("the reload", LIMIT, () -> primary.sql("SHOW work_mem").equals("6MB"));
            primary.sql("CREATE TABLE t AS SELECT 1 AS a");
            primary.kill();
            assertFalse(primary.isRunning());
            primary.start();
            assertEquals("1", primary.sql("SELECT a FROM t"));
            assertNotEquals(0, primary.psql("postgres", "SELECT 1/0").exit());
            assertEquals(List.of(), primary.log().unexpected());
        }
    }

    @Test
    void aSynchronousStandbyOnAnotherHostStreamsAndIsPromoted() {
        try (NetnsLab lab = NetnsLab.of("db1", "db2");
                PgCluster cluster = new PgCluster()) {
            PgInstance primary = cluster.primary("db1", lab.host("db1"), Map.of());
            PgInstance standby = cluster.standby("db2", lab.host("db2"), primary, Map.of());
            cluster.synchronous(primary, standby);
            primary.sql("CREATE TABLE t AS SELECT 7 AS a");
            Await.until(
                    "the row on the standby",
                    LIMIT,
                    () -> standby.psql("postgres", "SELECT a FROM t").out().equals("7\n"));
            assertEquals("t", standby.sql("SELECT pg_is_in_recovery()"));
            lab.powerOff(lab.host("db1"));
            standby.promote();
            assertEquals("f", standby.sql("SELECT pg_is_in_recovery()"));
        }
    }

    @Test
    void eachStopModeEndsTheInstance() {
        try (PgCluster cluster = new PgCluster()) {
            PgInstance primary = cluster.primary("p", Machine.LOCAL, Map.of());
            for (PgInstance.StopMode mode : PgInstance.StopMode.values()) {
                primary.stop(mode);
                assertFalse(primary.isRunning());
                primary.start();
            }
            assertTrue(primary.isRunning());
        }
    }

    @Test
    void closeLeavesNoProcessAndNoFile() {
        Path data;
        long postmaster;
        try (PgCluster cluster = new PgCluster()) {
            PgInstance primary = cluster.primary("p", Machine.LOCAL, Map.of());
            data = primary.data();
            postmaster = primary.pid();
            assertTrue(Files.exists(data));
        }
        assertFalse(Files.exists(data.getParent().getParent()));
        Await.until(
                "the postmaster's end",
                LIMIT,
                () -> ProcessHandle.of(postmaster).isEmpty());
    }

    @Test
    void aForeignPrimaryHasAnotherSystemIdentifier() {
        String question = "SELECT system_identifier FROM pg_control_system()";
        try (PgCluster cluster = new PgCluster()) {
            PgInstance one = cluster.primary("one", Machine.LOCAL, Map.of());
            PgInstance other = cluster.foreignPrimary("other", Machine.LOCAL, Map.of());
            assertNotEquals(one.sql(question), other.sql(question));
        }
    }
}
