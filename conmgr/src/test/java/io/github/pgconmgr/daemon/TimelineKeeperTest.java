package io.github.pgconmgr.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.scripted.Await;
import io.github.pgconmgr.scripted.RecordingLog;
import io.github.pgconmgr.topology.TimelineRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A disk that is slow, broken or hung; the loop's tasks run on the test's thread, its timers when the test says so. */
class TimelineKeeperTest {

    private static final TimelineRecord ONE = new TimelineRecord(7, 1, "a:1");
    private static final TimelineRecord TWO = new TimelineRecord(7, 2, "b:1");
    private static final TimelineRecord THREE = new TimelineRecord(7, 3, "a:1");

    private record Later(Runnable task, long millis) {}

    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final List<Later> timers = new ArrayList<>();
    private final Semaphore mayWrite = new Semaphore(0);
    private final List<@Nullable TimelineRecord> written = new ArrayList<>();
    private final List<@Nullable TimelineRecord> kept = new ArrayList<>();
    private final RecordingLog log = new RecordingLog();
    private volatile boolean full;
    private final TimelineKeeper keeper = new TimelineKeeper(this::write, "conmgr.timeline", new TestLoop(), log);

    private final class TestLoop implements TimelineKeeper.Loop {
        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public void later(Runnable task, long millis) {
            timers.add(new Later(task, millis));
        }
    }

    private void write(@Nullable TimelineRecord record) throws IOException {
        mayWrite.acquireUninterruptibly();
        if (full) {
            throw new IOException("No space left on device");
        }
        synchronized (written) {
            written.add(record);
        }
    }

    private void keep(TimelineRecord record) {
        keeper.keep(record, kept::add);
    }

    /** Lets one write end and runs what the loop is asked to do then. */
    private void writeEnds() throws InterruptedException {
        mayWrite.release();
        tasks.take().run();
    }

    private void timersRun(long millis) {
        List<Later> due =
                timers.stream().filter(timer -> timer.millis == millis).toList();
        timers.removeAll(due);
        due.forEach(timer -> timer.task.run());
    }

    @AfterEach
    void close() {
        mayWrite.release(100);
        keeper.close();
    }

    @Test
    void aRecordIsKeptWhenItIsWritten() throws InterruptedException {
        keep(ONE);
        assertEquals(List.of(), kept);
        writeEnds();
        assertEquals(List.of(ONE), written);
        assertEquals(List.of(ONE), kept);
        timersRun(TimelineKeeper.LIMIT_MILLIS);
        assertEquals(List.of(ONE), kept, "told once");
        assertEquals(0, log.count(Message.TIMELINE_NOT_KEPT));
    }

    @Test
    void ofThoseThatWaitOnlyTheNewestIsWritten() throws InterruptedException {
        keep(ONE);
        keep(TWO);
        keep(THREE);
        writeEnds();
        assertEquals(List.of(), kept, "what is overtaken is not told");
        writeEnds();
        assertEquals(List.of(ONE, THREE), written);
        assertEquals(List.of(THREE), kept);
    }

    @Test
    void aFullDiskIsLoggedKeepsNobodyOutAndIsTriedAgain() throws InterruptedException {
        full = true;
        keep(ONE);
        writeEnds();
        assertEquals(List.of(ONE), kept);
        assertEquals(1, log.count(Message.TIMELINE_NOT_KEPT));
        full = false;
        timersRun(TimelineKeeper.RETRY_MILLIS);
        writeEnds();
        assertEquals(List.of(ONE), written);
        assertEquals(List.of(ONE), kept, "told once");
    }

    @Test
    void aRetryDoesNotOverwriteWhatIsNewer() throws InterruptedException {
        full = true;
        keep(ONE);
        writeEnds();
        full = false;
        keep(TWO);
        writeEnds();
        timersRun(TimelineKeeper.RETRY_MILLIS);
        assertEquals(List.of(TWO), written);
    }

    @Test
    void aHungDiskKeepsNobodyOutForLongerThanTheLimit() throws InterruptedException {
        keep(ONE);
        keep(TWO);
        timersRun(TimelineKeeper.LIMIT_MILLIS);
        assertEquals(List.of(TWO), kept);
        assertEquals(1, log.count(Message.TIMELINE_NOT_KEPT));
        writeEnds();
        writeEnds();
        assertEquals(List.of(ONE, TWO), written, "it is not given up");
        assertEquals(List.of(TWO), kept, "told once");
    }

    @Test
    void aWriteThatRunsIsNotCutOffByTheEnd() {
        keep(ONE);
        mayWrite.release();
        keeper.close();
        Await.until("written", () -> {
            synchronized (written) {
                return written.equals(List.of(ONE));
            }
        });
    }
}
