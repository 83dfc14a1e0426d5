package io.github.pgconmgr.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Proves;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written and where to: filtered, with repeats kept small, to the destinations of log_destination. */
class DaemonLogTest {

    /** Keeps what comes. */
    private static final class Kept implements LogSink {
        private final List<LogLine> lines = new ArrayList<>();
        private boolean closed;

        @Override
        public void accept(LogLine line) {
            lines.add(line);
        }

        @Override
        public void awaitEmpty(long limitMillis) {}

        @Override
        public void close() {
            closed = true;
        }

        List<String> take() {
            List<String> taken = lines.stream().map(LogLine::labelled).toList();
            lines.clear();
            return taken;
        }
    }

    private final Kept stderr = new Kept();
    private final List<Kept> syslogs = new ArrayList<>();
    private long nowNanos;
    private final DaemonLog log = new DaemonLog(
            stderr,
            (settings, trouble) -> {
                syslogs.add(new Kept());
                return syslogs.get(syslogs.size() - 1);
            },
            () -> Instant.parse("2026-11-21T10:11:12.345Z"),
            () -> nowNanos);

    private List<String> lines() {
        return stderr.take();
    }

    private static LogSettings settings(Severity minimum, LogDestination... destinations) {
        return new LogSettings(Set.of(destinations), minimum, SyslogSettings.initial());
    }

    @Test
    void aHintIsALineOfItsOwn() {
        log.write(Message.ROOT_REFUSED, "conmgr");
        List<String> lines = lines();
        assertEquals(2, lines.size());
        assertTrue(lines.get(1).startsWith("HINT:  conmgr: Start it as"), lines.get(1));
    }

    @ParameterizedTest
    @Proves("C5")
    @EnumSource(Severity.class)
    void aMessageBelowTheMinimumIsNotWritten(Severity minimum) {
        log.configure(settings(minimum, LogDestination.STDERR));
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
    @Proves("C5")
    void linesGoWhereTheConfigurationSays() {
        log.configure(settings(Severity.WARNING, LogDestination.STDERR, LogDestination.SYSLOG));
        log.write(Message.CONFIG_WARNING, "conmgr", "both");
        assertEquals(List.of("WARNING:  conmgr: both"), lines());
        assertEquals(List.of("WARNING:  conmgr: both"), syslogs.get(0).take());
        log.configure(settings(Severity.WARNING, LogDestination.SYSLOG));
        assertEquals(List.of("LOG:  log: messages go to syslog from now on"), lines());
        log.write(Message.CONFIG_WARNING, "conmgr", "syslog");
        assertEquals(List.of(), lines());
        assertEquals(List.of("WARNING:  conmgr: syslog"), syslogs.get(0).take());
        log.configure(settings(Severity.WARNING, LogDestination.STDERR));
        assertTrue(syslogs.get(0).closed);
        log.write(Message.CONFIG_WARNING, "conmgr", "stderr");
        assertEquals(List.of("WARNING:  conmgr: stderr"), lines());
        assertEquals(List.of(), syslogs.get(0).take());
        assertEquals(1, syslogs.size());
    }

    @Test
    void whatEndsTheProcessStandsOnStderrToo() {
        log.configure(settings(Severity.WARNING, LogDestination.SYSLOG));
        lines();
        log.write(Message.ROOT_REFUSED, "conmgr");
        assertEquals(2, lines().size());
        assertEquals(2, syslogs.get(0).take().size());
    }

    @Test
    void anotherIdentOpensSyslogAnewAndAnotherLevelDoesNot() {
        log.configure(settings(Severity.WARNING, LogDestination.SYSLOG));
        log.configure(settings(Severity.DEBUG, LogDestination.SYSLOG));
        assertFalse(syslogs.get(0).closed);
        SyslogSettings other = new SyslogSettings(SyslogFacility.LOCAL1, "x", SyslogFormat.RFC3164, "/dev/log");
        log.configure(new LogSettings(Set.of(LogDestination.SYSLOG), Severity.DEBUG, other));
        assertTrue(syslogs.get(0).closed);
        assertEquals(2, syslogs.size());
    }

    @Test
    void withoutTheNativeLibraryStderrTakesSyslogsPlace() {
        DaemonLog poor = new DaemonLog(
                stderr,
                (settings, trouble) -> {
                    throw new SyslogUnavailableException("no library");
                },
                () -> Instant.EPOCH,
                () -> 0);
        poor.configure(settings(Severity.WARNING, LogDestination.SYSLOG));
        List<String> said = lines();
        assertEquals("WARNING:  log: syslog cannot be used, messages go to stderr: no library", said.get(0));
        assertTrue(said.get(1).startsWith("HINT:  log: "), said.get(1));
        poor.write(Message.CONFIG_WARNING, "conmgr", "x");
        assertEquals(List.of("WARNING:  conmgr: x"), lines());
    }

    @Test
    void aTextWithoutEndIsCut() {
        log.write(Message.CONFIG_WARNING, "conmgr", "x".repeat(2 * Printable.MAX_LENGTH));
        String line = stderr.lines.get(0).text();
        assertEquals(Printable.MAX_LENGTH, line.length());
        assertTrue(line.endsWith("x..."));
        String pair = Printable.shortened("x".repeat(Printable.MAX_LENGTH - 4) + "\uD83D\uDE00" + "y".repeat(9));
        assertTrue(pair.endsWith("x..."), "no half of a character");
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
