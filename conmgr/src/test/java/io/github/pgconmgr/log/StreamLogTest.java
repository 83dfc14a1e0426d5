package io.github.pgconmgr.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Proves;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lines as they come out, filtered and with repeats kept small. */
class StreamLogTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private long nowNanos;
    private final StreamLog log =
            new StreamLog(out, 42, () -> Instant.parse("2026-11-21T10:11:12.345Z"), () -> nowNanos);

    private List<String> lines() {
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        out.reset();
        return lines;
    }

    @Test
    void aLineHasTimeWithZoneProcessSeveritySpeakerAndText() {
        log.write(Message.LIVENESS_CHANGED, "instance 2", "ALIVE", "DOWN", "no heartbeat for 20.0 s");
        String line = lines().get(0);
        assertTrue(
                line.matches("2026-11-2[0-2] [0-9]{2}:[0-9]{2}:12\\.345 \\S+ \\[42\\] LOG:  "
                        + "instance 2: ALIVE -> DOWN: no heartbeat for 20\\.0 s"),
                line);
    }

    @Test
    void aHintIsALineOfItsOwn() {
        log.write(Message.ROOT_REFUSED, "conmgr");
        List<String> lines = lines();
        assertEquals(2, lines.size());
        assertTrue(lines.get(1).contains("[42] HINT:  conmgr: Start it as"), lines.get(1));
    }

    @ParameterizedTest
    @Proves("C5")
    @EnumSource(Severity.class)
    void aMessageBelowTheMinimumIsNotWritten(Severity minimum) {
        log.setMinimum(minimum);
        log.write(Message.CONFIG_WARNING, "conmgr", "x");
        log.write(Message.STOPPED, "conmgr");
        int expected =
                (minimum.compareTo(Severity.WARNING) <= 0 ? 1 : 0) + (minimum.compareTo(Severity.LOG) <= 0 ? 1 : 0);
        assertEquals(expected, lines().size());
    }

    @Test
    @Proves("C5")
    void theLevelsStandInTheDocumentsOrder() {
        assertEquals(
                "[DEBUG, INFO, NOTICE, WARNING, ERROR, LOG, FATAL, PANIC]",
                List.of(Severity.values()).toString());
    }

    @Test
    void whatAPeerCallsItselfCannotBeginALine() {
        log.write(Message.CONFIG_WARNING, "client\nx", "a\r\nFATAL:  b\u2028\u001b[1m");
        List<String> lines = lines();
        assertEquals(1, lines.size());
        assertTrue(lines.get(0).endsWith("WARNING:  client?x: a??FATAL:  b??[1m"), lines.get(0));
    }

    @Test
    void ofARepeatTheFirstIsWrittenThenASummaryThenTheRecovery() {
        for (int i = 0; i < 10; i++) {
            log.write(Message.CONTROL_FAILED, "instance 1", "broken");
        }
        assertEquals(1, lines().size());
        nowNanos = RepeatLimiter.SUMMARY_INTERVAL_NANOS - 1;
        log.writeDueSummaries();
        assertEquals(List.of(), lines());
        nowNanos++;
        log.writeDueSummaries();
        assertTrue(lines().get(0)
                .endsWith("WARNING:  instance 1: CONTROL_FAILED: 9 more times since it was last written"));
        log.write(Message.CONTROL_FAILED, "instance 1", "broken");
        log.write(Message.LIVENESS_CHANGED, "instance 1", "DOWN", "ALIVE", "welcomed");
        List<String> recovery = lines();
        assertTrue(recovery.get(0).endsWith("CONTROL_FAILED: 1 more times since it was last written"));
        assertTrue(recovery.get(1).endsWith("DOWN -> ALIVE: welcomed"));
        log.write(Message.CONTROL_FAILED, "instance 1", "broken");
        assertEquals(1, lines().size());
    }

    @Test
    void oneSpeakersRepeatsDoNotSilenceAnother() {
        log.write(Message.CONTROL_FAILED, "instance 1", "broken");
        log.write(Message.CONTROL_FAILED, "instance 2", "broken");
        log.write(Message.CONTROL_FAILED, "client 192.0.2.1:4000", "broken");
        log.write(Message.CONTROL_FAILED, "client 192.0.2.1:4001", "broken");
        log.write(Message.CONTROL_FAILED, "client 192.0.2.2:4001", "broken");
        assertEquals(4, lines().size());
    }

    @Test
    void aSeriesThatStoppedIsForgotten() {
        log.write(Message.CONTROL_FAILED, "instance 1", "broken");
        nowNanos = RepeatLimiter.SUMMARY_INTERVAL_NANOS;
        log.writeDueSummaries();
        log.write(Message.CONTROL_FAILED, "instance 1", "broken");
        assertEquals(2, lines().size());
    }

    @Test
    void aFloodOfSpeakersCostsTheOldestSeriesOnly() {
        for (int i = 0; i <= RepeatLimiter.MAX_SERIES; i++) {
            log.write(Message.CONTROL_FAILED, "speaker " + i, "broken");
        }
        lines();
        log.write(Message.CONTROL_FAILED, "speaker 1", "broken");
        assertEquals(List.of(), lines());
        log.write(Message.CONTROL_FAILED, "speaker 0", "broken");
        List<String> lines = lines();
        assertTrue(lines.get(0).contains("speaker 1: CONTROL_FAILED: 1 more times"), lines.get(0));
        assertTrue(lines.get(1).endsWith("speaker 0: control connection failed: broken"), lines.get(1));
    }

    @Test
    void aStreamThatFailsStopsNobody() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        new StreamLog(full, 1, () -> Instant.EPOCH, () -> 0).write(Message.STOPPED, "conmgr");
    }

    @ParameterizedTest
    @EnumSource(Message.class)
    void aHintIsASentenceAndAMessageIsNot(Message message) {
        assertTrue(!message.format("a", "b", "c", "d").endsWith("."), message.name());
        assertTrue(message.hint().isEmpty() || message.hint().matches("[A-Z].*[.?]"), message.name());
    }

    @Test
    void argumentsThatDoNotFitAreStillShown() {
        assertEquals("received %s stop request []", Message.STOPPING.format());
    }
}
