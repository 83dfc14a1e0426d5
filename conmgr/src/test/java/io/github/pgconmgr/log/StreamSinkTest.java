package io.github.pgconmgr.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.scripted.Await;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.time.NanoClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Lines on stderr, also where nobody reads it or the disk is full. */
@Proves("C5")
class StreamSinkTest {

    /** A stream that can be told to hang or to fail. */
    private static final class Moody extends OutputStream {
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();
        private final CountDownLatch gate = new CountDownLatch(1);
        private volatile boolean full;
        private volatile boolean hangs;

        @Override
        public void write(int b) {
            throw new AssertionError("a line is one write");
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (hangs) {
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
            if (full) {
                full = false;
                throw new IOException("No space left on device");
            }
            written.write(bytes, offset, length);
        }

        String text() {
            return written.toString(StandardCharsets.UTF_8);
        }
    }

    private final Moody stream = new Moody();
    private final StreamSink sink = StreamSink.start(stream, 42, () -> Lines.TIME, NanoClock.SYSTEM);

    @Test
    void aLineHasTimeWithZoneProcessLevelSpeakerAndText() throws InterruptedException {
        sink.accept(Lines.warning("no heartbeat"));
        sink.awaitEmpty(10_000);
        assertTrue(
                stream.text()
                        .matches("2026-03-0[4-6] [0-9]{2}:[0-9]{2}:12\\.345 \\S+ \\[42\\] WARNING:  "
                                + "conmgr: no heartbeat\n"),
                stream.text());
    }

    @Test
    void aPipeThatNobodyReadsHoldsUpNobodyAndTheLossIsTold() throws InterruptedException {
        stream.hangs = true;
        int all = Backlog.MAX_LINES + 50;
        for (int i = 0; i < all; i++) {
            sink.accept(Lines.warning("line " + i));
        }
        sink.awaitEmpty(20);
        assertEquals("", stream.text());
        stream.gate.countDown();
        sink.awaitEmpty(30_000);
        String[] lines = stream.text().split("\n", -1);
        assertTrue(lines[Backlog.MAX_LINES - 1].endsWith("conmgr: line 1999"), lines[Backlog.MAX_LINES - 1]);
        assertTrue(lines[Backlog.MAX_LINES].contains("log: 50 lines were lost here"), lines[Backlog.MAX_LINES]);
    }

    @Test
    void aFullDiskLosesNothingThatFitsTheBacklog() {
        stream.full = true;
        sink.accept(Lines.warning("first"));
        sink.accept(Lines.warning("second"));
        // The failed write may have left a torn line behind, so the next one begins anew.
        Await.until("both lines", () -> stream.text().matches("(?s)\n2026.*conmgr: first\n2026.*conmgr: second\n"));
    }
}
