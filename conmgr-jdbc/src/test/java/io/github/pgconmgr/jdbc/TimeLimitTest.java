package io.github.pgconmgr.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.time.NanoClock;
import java.io.IOException;
import java.net.Socket;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real time, in whole: each attempt ends at its limit, neither before nor much later. */
@Proves("T3")
class TimeLimitTest {

    /** What a busy machine may add. */
    private static final long SLACK_MILLIS = 2500;

    private final DriverUnderTest jdbc = new DriverUnderTest();
    private final CountDownLatch endOfTest = new CountDownLatch(1);

    @AfterEach
    void nothingIsLeft() {
        endOfTest.countDown();
        DriverUnderTest.awaitNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"&loginTimeout=1", "&connectTimeout=1", "&loginTimeout=1&connectTimeout=0"})
    void aSilentConmgrHoldsTheApplicationNoLongerThanItsLimit(String limit) throws Exception {
        try (ScriptedConmgr silent = ScriptedConmgr.playing(ScriptedConmgr::untilClosed)) {
            assertFailsAfter(1000, silent.hostPort(), limit);
            Await.until("the channel is closed", DriverUnderTest.LIMIT, () -> silent.openConnections() == 0);
        }
    }

    @Test
    void anAnswerThatTricklesInDoesNotMoveTheLimit() throws Exception {
        try (ScriptedConmgr slow = ScriptedConmgr.playing(this::answerByteByByte)) {
            assertFailsAfter(1000, slow.hostPort(), "&connectTimeout=1");
        }
    }

    @Test
    void withoutAnyLimitStageOneHasItsOwn() throws Exception {
        try (ScriptedConmgr silent = ScriptedConmgr.playing(ScriptedConmgr::untilClosed)) {
            assertFailsAfter(5000, silent.hostPort(), "&connectTimeout=0");
        }
    }

    @Test
    void stageOneCountsIntoLoginTimeout() throws Exception {
        try (ScriptedServer mute = new ScriptedServer(ScriptedConmgr::untilClosed);
                ScriptedConmgr slow = ScriptedConmgr.playing(socket -> {
                    pause(1200);
                    socket.getOutputStream()
                            .write(ScriptedConmgr.bytes(
                                    ScriptedConmgr.instanceAnswer("localhost", "127.0.0.1", mute.port())));
                    ScriptedConmgr.untilClosed(socket);
                })) {
            assertFailsAfter(2000, slow.hostPort(), "&loginTimeout=2&sslmode=disable");
            assertEquals(1, mute.accepted(), "stage 2 had begun");
            Await.until("the instance's socket is closed", DriverUnderTest.LIMIT, () -> mute.openConnections() == 0);
            Await.until("conmgr's channel is closed", DriverUnderTest.LIMIT, () -> slow.openConnections() == 0);
        }
    }

    private void assertFailsAfter(long millis, String host, String limit) {
        long start = NanoClock.SYSTEM.nanoTime();
        SQLException failed = jdbc.failure(host, limit);
        long took = TimeUnit.NANOSECONDS.toMillis(NanoClock.SYSTEM.nanoTime() - start);
        assertEquals("08001", failed.getSQLState());
        assertTrue(took >= millis - 50 && took < millis + SLACK_MILLIS, took + " ms");
    }

    private void answerByteByByte(Socket socket) throws IOException, InterruptedException {
        byte[] answer = ScriptedConmgr.bytes(ScriptedConmgr.instanceAnswer("localhost", "127.0.0.1", 1));
        for (byte b : answer) {
            socket.getOutputStream().write(b);
            pause(150);
        }
    }

    private void pause(long millis) throws InterruptedException, IOException {
        if (endOfTest.await(millis, TimeUnit.MILLISECONDS)) {
            throw new IOException("the test is over");
        }
    }
}
