package io.github.pgconmgr.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.admin.ReloadReport;
import io.github.pgconmgr.config.ConfigException;
import io.github.pgconmgr.config.ConfigLoader;
import io.github.pgconmgr.config.ConmgrConfig;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.log.Severity;
import io.github.pgconmgr.scripted.RecordingLog;
import io.github.pgconmgr.testkit.Proves;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a reload takes over, what it refuses, and what it names. */
@Proves("C1")
class ReloaderTest {

    private static final String INSTANCE = "backend_hostaddr0 = 127.0.0.1\n";

    @TempDir
    Path directory;

    private final RecordingLog log = new RecordingLog();
    private final List<ConmgrConfig> held = new ArrayList<>();

    private void write(String text) throws IOException {
        Files.writeString(directory.resolve(ConfigLoader.FILE_NAME), INSTANCE + text);
    }

    private Reloader runningWith(String text) throws IOException, ConfigException {
        write(text);
        return new Reloader(directory, ConfigLoader.load(directory), held::add, log);
    }

    @Test
    void whatIsReloadableHoldsAtOnce() throws Exception {
        Reloader reloader = runningWith("heartbeat_interval = 10\n");
        write("heartbeat_interval = 2\nheartbeat_timeout = 5\nlog_min_messages = debug\nmax_connections = 7\n");
        ReloadReport report = reloader.reload();
        assertEquals("", report.refusal());
        assertEquals(
                List.of(
                        "max_connections: 0 -> 7",
                        "heartbeat_interval: 10s -> 2s",
                        "heartbeat_timeout: 20s -> 5s",
                        "log_min_messages: WARNING -> DEBUG"),
                report.changed());
        assertEquals(2000, held.get(0).heartbeat().settings().intervalMillis());
        assertEquals(7, held.get(0).maxConnections());
        assertEquals(Severity.DEBUG, held.get(0).log().minimum());
        assertEquals(4, log.texts(Message.PARAMETER_CHANGED).size());
    }

    @Test
    void withAnErrorAnywhereNothingChangesAndEveryErrorIsTold() throws Exception {
        Reloader reloader = runningWith("");
        write("heartbeat_interval = 2\nport = 0\ncolour = blue\n");
        ReloadReport report = reloader.reload();
        assertTrue(report.refusal().endsWith("contains errors, nothing was changed"), report.refusal());
        assertEquals(2, report.problems().size());
        assertEquals(List.of(), held);
        assertEquals(2, log.texts(Message.CONFIG_PROBLEM).size());
        assertEquals(1, log.texts(Message.RELOAD_REFUSED).size());
    }

    @Test
    void aFileThatIsGoneChangesNothing() throws Exception {
        Reloader reloader = runningWith("");
        Files.delete(directory.resolve(ConfigLoader.FILE_NAME));
        assertEquals(1, reloader.reload().problems().size());
        assertEquals(List.of(), held);
    }

    @Test
    void whatNeedsARestartIsNamedEachTimeAndKeepsItsValue() throws Exception {
        Reloader reloader = runningWith("port = 1234\n");
        write("port = 4321\nbackend_hostaddr1 = 127.0.0.2\nheartbeat_interval = 2\n");
        for (int i = 0; i < 2; i++) {
            ReloadReport report = reloader.reload();
            assertTrue(report.needRestart().contains("port"), report.toString());
            assertTrue(report.needRestart().contains("backend_hostaddr1"), report.toString());
            assertEquals(i == 0 ? 1 : 0, report.changed().size(), "the interval changed the first time only");
            assertEquals(1234, held.get(i).port());
            assertEquals(1, held.get(i).instances().size());
        }
        assertTrue(log.texts(Message.PARAMETER_NEEDS_RESTART)
                .get(0)
                .endsWith("parameter \"port\" cannot be changed without restarting conmgr"));
    }

    @Test
    void backToTheOldValueNothingNeedsARestartAnyMore() throws Exception {
        Reloader reloader = runningWith("port = 1234\n");
        write("port = 4321\n");
        reloader.reload();
        write("port = 1234\n");
        assertEquals(List.of(), reloader.reload().needRestart());
    }

    @Test
    @Proves("C4")
    void settingsThatAreAlwaysAbnormalAreRefusedUnlessTheyHoldAlready() throws Exception {
        Reloader reloader = runningWith("");
        write("heartbeat_timeout = 10\n");
        ReloadReport report = reloader.reload();
        assertTrue(report.problems().get(0).contains("it takes a restart"), report.toString());
        assertEquals(List.of(), held);

        Reloader abnormal = runningWith("heartbeat_timeout = 10\n");
        write("heartbeat_timeout = 10\nmax_connections = 3\n");
        assertEquals("", abnormal.reload().refusal());
        assertEquals(3, held.get(0).maxConnections());
    }
}
