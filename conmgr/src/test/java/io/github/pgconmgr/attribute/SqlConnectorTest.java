package io.github.pgconmgr.attribute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.config.CheckConfig;
import io.github.pgconmgr.config.CheckConninfo;
import io.github.pgconmgr.config.CheckMode;
import io.github.pgconmgr.config.HeartbeatConfig;
import io.github.pgconmgr.config.InstanceConfig;
import io.github.pgconmgr.log.Message;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a step that throws what no step should: a mistake of ours. */
class SqlConnectorTest {

    /** No path, so the step that looks for the password ends with an exception that nobody expects. */
    private static final CheckConninfo MISTAKE =
            new CheckConninfo("checker", "postgres", "\0", CheckConninfo.SslMode.DISABLE, "", 0);

    private final HeartbeatConfig config = CheckHarness.config(20_000, 1_000);
    private final CheckHarness around = new CheckHarness(config);
    private final ThreadPoolExecutor pool = AttributeChecks.pool();
    private final LinkedBlockingQueue<LongConsumer> loop = new LinkedBlockingQueue<>();
    private final SqlLink link = new SqlConnector(
                    new CheckTarget(instance(), MISTAKE),
                    pool,
                    loop::add,
                    () -> config,
                    commands -> new SqlLink(
                            new SqlLink.Subject(0, "instance 0", Long.MAX_VALUE), config, commands, around, around.log))
            .link();

    private static InstanceConfig instance() {
        return new InstanceConfig(0, "", "127.0.0.1", 5432, 27545, new CheckConfig(CheckMode.SQL, MISTAKE));
    }

    @AfterEach
    void end() {
        pool.shutdownNow();
    }

    /** Runs so many events of the loop, as they come. */
    private void run(int events) throws InterruptedException {
        for (int i = 0; i < events; i++) {
            LongConsumer event = loop.poll(20, TimeUnit.SECONDS);
            assertNotNull(event, "event " + i);
            event.accept(around.now());
        }
    }

    @Test
    void itIsAFailedCheckThatIsNamedOnceAndTheNextOneIsMade() throws InterruptedException {
        link.onStart(around.now());
        // Free again, and ready.
        run(2);
        for (int attempt = 0; attempt < 3; attempt++) {
            assertEquals(CheckPhase.CONNECTING, link.phase());
            // Free again, failed; free again behind the goodbye.
            run(3);
            assertEquals(CheckPhase.WAITING, link.phase());
            around.clock.advanceMillis(1_000);
            link.onTick(around.now());
        }
        List<String> failures = around.log.texts(Message.CHECK_FAILED);
        assertEquals(1, failures.size(), failures::toString);
        assertTrue(failures.get(0).contains("internal error: InvalidPathException at "), failures::toString);
        assertTrue(
                around.done.stream().anyMatch(word -> word.startsWith("remark: check by SQL failed: internal error")),
                around.done::toString);
    }
}
