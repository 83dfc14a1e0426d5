package io.github.pgconmgr.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.config.ConmgrConfig;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.scripted.Await;
import io.github.pgconmgr.scripted.ConmgrSample;
import io.github.pgconmgr.scripted.RawDriver;
import io.github.pgconmgr.scripted.RecordingLog;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.topology.Topology;
import io.github.pgconmgr.wire.redirect.RedirectAnswer;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One connection too many is closed without a word, and nobody else feels it. */
@Proves("C6")
class ConnectionLimitTest {

    private final RecordingLog log = new RecordingLog();
    private final ConmgrConfig config = new ConmgrSample().maxConnections(2).build();
    private final Frontend frontend = new Frontend(
            config,
            new Topology(config.instances(), log),
            (socket, received, onClosed) -> onClosed.run(),
            log,
            NanoClock.SYSTEM,
            () -> {});

    @BeforeEach
    void start() throws IOException {
        frontend.setLimit(ConnectionLimit.of(2, 1000, 1000));
        frontend.start();
    }

    @AfterEach
    void stop() {
        frontend.stop();
    }

    private RawDriver driver() throws IOException {
        return new RawDriver(frontend.port());
    }

    /** Only after this is it counted: the kernel completes a connect before conmgr sees it. */
    private void awaitConnections(long count) {
        Await.until(count + " connections", () -> frontend.status().join().connections() == count);
    }

    private static void assertServed(RawDriver driver) throws Exception {
        assertInstanceOf(RedirectAnswer.Refusal.class, driver.ask(TargetAttribute.ANY));
    }

    private void assertTurnedAway() throws IOException {
        try (RawDriver tooMany = driver()) {
            assertEquals(0, tooMany.rest().length);
        }
    }

    @Test
    void oneTooManyIsClosedWithoutAMessageAndLogged() throws Exception {
        try (RawDriver first = driver();
                RawDriver second = driver()) {
            awaitConnections(2);
            assertTurnedAway();
            List<String> lines = log.texts(Message.CLIENT_OVER_LIMIT);
            assertEquals(1, lines.size());
            assertTrue(
                    lines.get(0).matches("client 127\\.0\\.0\\.1:\\d+: closed at once: max_connections = 2 is reached"),
                    lines.get(0));
            assertServed(first);
            assertServed(second);
        }
    }

    @Test
    void aRequestThatIsAlreadyOnItsWayIsNotAnsweredEither() throws Exception {
        try (RawDriver first = driver();
                RawDriver second = driver();
                RawDriver tooMany = driver()) {
            Exception end = assertThrows(Exception.class, () -> tooMany.ask(TargetAttribute.ANY));
            assertTrue(end instanceof EOFException || end instanceof SocketException, end.toString());
            assertServed(first);
            assertServed(second);
        }
    }

    @Test
    void whoLeavesMakesRoom() throws Exception {
        try (RawDriver first = driver()) {
            try (RawDriver second = driver()) {
                awaitConnections(2);
                assertTurnedAway();
                assertServed(second);
            }
            awaitConnections(1);
            try (RawDriver third = driver()) {
                assertServed(third);
            }
            assertServed(first);
        }
    }

    @Test
    void aLowerLimitClosesNobodyWhoIsThere() throws Exception {
        try (RawDriver first = driver();
                RawDriver second = driver()) {
            awaitConnections(2);
            frontend.setLimit(ConnectionLimit.of(1, 1000, 1000));
            assertTurnedAway();
            assertServed(first);
            assertServed(second);
        }
        awaitConnections(0);
        frontend.setLimit(ConnectionLimit.NONE);
        try (RawDriver first = driver();
                RawDriver second = driver();
                RawDriver third = driver()) {
            assertServed(first);
            assertServed(second);
            assertServed(third);
        }
    }
}
