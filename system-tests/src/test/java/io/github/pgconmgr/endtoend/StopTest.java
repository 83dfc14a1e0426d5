package io.github.pgconmgr.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.Program;
import io.github.pgconmgr.testkit.Proves;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** cm_ctl stop, with an application that is connected. */
@Proves("C9")
class StopTest {

    private static Stage stage;
    private Conmgr conmgr;
    private Client client;
    private long pid;

    @BeforeAll
    static void build() {
        stage = new Stage();
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @BeforeEach
    void anApplicationIsConnected() {
        stage.ready(Stage.LONG_TIMEOUT_MILLIS);
        conmgr = stage.conmgr();
        client = stage.client();
        client.open("w", Story.conmgrUrl("primary")).expectOk();
        pid = conmgr.pid();
    }

    @AfterEach
    void nothingIsLeft() {
        assertFalse(conmgr.isProcess(pid));
        assertFalse(Files.exists(conmgr.folder().resolve("conmgr.pid")));
        assertEquals(3, conmgr.ctl("status").exit());
        stage.expectQuietLogs();
    }

    @Test
    void aSmartStopWaitsForTheApplicationToLeave() {
        Finished stop = conmgr.ctl("stop", "-m", "smart", "-t", "1");
        assertEquals(1, stop.exit());
        assertTrue(stop.err().contains("did not stop within 1 s"), stop.err());
        Program waiting = conmgr.startCtl("stop", "-m", "smart");
        Await.until(
                "it waits",
                Stage.LIMIT,
                () -> stage.conmgrLog().linesWith("received smart stop request").size() == 2);
        client.open("x", Story.conmgrUrl("primary")).expectError("08001");
        client.sql("w", "SELECT 1").expectOk();
        assertTrue(waiting.isAlive() && conmgr.isRunning());
        client.leave("w");
        assertEquals(
                0,
                waiting.awaitExit(Stage.LIMIT),
                () -> waiting.output().lines().toString());
    }

    @Test
    @Proves("A2")
    void aFastStopCutsTheApplication() {
        Client.Running statement = client.start("sql", "w", "SELECT pg_sleep(3600)");
        conmgr.ctl("stop", "-m", "fast").expectSuccess();
        statement.await().expectError("08006");
        client.open("x", Story.conmgrUrl("primary")).expectError("08001");
    }

    @Test
    @Proves("A2")
    void anImmediateStopEndsTheProcessAndSoTheConnections() {
        Client.Running statement = client.start("sql", "w", "SELECT pg_sleep(3600)");
        conmgr.ctl("stop", "-m", "immediate").expectSuccess();
        statement.await().expectError("08006");
    }
}
