package io.github.pgconmgr.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.scripted.Await;
import io.github.pgconmgr.scripted.Rsyslogd;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.time.WallClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real rsyslogd reads what the log writes: while it runs, away, back again, and not reading. */
@Proves("C5")
class SyslogSinkTest {

    private static final LogSettings QUIET = LogSettings.initial();

    @TempDir
    Path folder;

    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    private final DaemonLog log = DaemonLog.start(stderr, 42);

    @AfterEach
    void leaveSyslog() {
        log.configure(QUIET);
    }

    private void use(SyslogFormat format, SyslogFacility facility, Path socket) {
        SyslogSettings syslog = new SyslogSettings(facility, "conmgr-test", format, socket.toString());
        log.configure(new LogSettings(Set.of(LogDestination.SYSLOG), Severity.DEBUG, syslog));
    }

    private void warn(String text) {
        log.write(Message.CONFIG_WARNING, "conmgr", text);
    }

    private String complained() {
        return stderr.toString(StandardCharsets.UTF_8);
    }

    private static void assertIsOfToday(String line) {
        OffsetDateTime time = OffsetDateTime.parse(line.split("\\|", -1)[1]);
        OffsetDateTime now =
                WallClock.SYSTEM.now().atZone(ZoneId.systemDefault()).toOffsetDateTime();
        assertTrue(time.isAfter(now.minusMinutes(2)) && time.isBefore(now.plusMinutes(2)), line);
    }

    @Test
    void everyFieldOfAnRfc3164LineIsRead() throws IOException {
        try (Rsyslogd rsyslogd = new Rsyslogd(folder, true)) {
            use(SyslogFormat.RFC3164, SyslogFacility.LOCAL0, rsyslogd.socket());
            warn("déjà vu");
            log.write(Message.LIVENESS_CHANGED, "instance 2", "ALIVE", "DOWN", "no heartbeat for 20.0 s");
            String warning = rsyslogd.awaitLine("WARNING:  conmgr: déjà vu");
            assertTrue(warning.matches("local0\\.notice\\|.*\\|conmgr-test\\|42\\|-\\| WARNING: .*"), warning);
            assertIsOfToday(warning);
            String down = rsyslogd.awaitLine("LOG:  instance 2: ALIVE -> DOWN: no heartbeat for 20.0 s");
            assertTrue(down.startsWith("local0.info|"), down);
        }
    }

    @Test
    void everyFieldOfAnRfc5424LineIsReadWhereTheDaemonIsToldSo() throws IOException {
        try (Rsyslogd rsyslogd = new Rsyslogd(folder, false)) {
            use(SyslogFormat.RFC5424, SyslogFacility.LOCAL7, rsyslogd.socket());
            warn("déjà vu");
            String warning = rsyslogd.awaitLine("WARNING:  conmgr: déjà vu");
            assertTrue(
                    warning.matches("local7\\.notice\\|.*\\|conmgr-test\\|42\\|CONFIG_WARNING\\|WARNING: .*"), warning);
            assertIsOfToday(warning);
        }
    }

    @Test
    void whatComesWhileTheDaemonIsAwayIsThereWhenItIsBack() throws IOException {
        try (Rsyslogd rsyslogd = new Rsyslogd(folder, true)) {
            use(SyslogFormat.RFC3164, SyslogFacility.LOCAL0, rsyslogd.socket());
            warn("before");
            rsyslogd.awaitLine("conmgr: before");
            rsyslogd.stop();
            warn("away 1");
            warn("away 2");
            Await.until("the complaint", () -> complained().contains("syslog cannot be reached at"));
            rsyslogd.start();
            rsyslogd.awaitLine("conmgr: away 2");
            Await.until("the good news", () -> complained().contains("syslog is reached again at"));
            List<String> texts = rsyslogd.lines().stream()
                    .map(line -> line.substring(line.lastIndexOf("conmgr: ")))
                    .toList();
            assertEquals(List.of("conmgr: before", "conmgr: away 1", "conmgr: away 2"), texts);
        }
    }

    @Test
    void aRestartBetweenTwoLinesIsNoTrouble() throws IOException {
        try (Rsyslogd rsyslogd = new Rsyslogd(folder, true)) {
            use(SyslogFormat.RFC3164, SyslogFacility.LOCAL0, rsyslogd.socket());
            warn("before");
            rsyslogd.awaitLine("conmgr: before");
            rsyslogd.stop();
            rsyslogd.start();
            warn("after");
            rsyslogd.awaitLine("conmgr: after");
            assertTrue(!complained().contains("cannot be reached"), complained());
        }
    }

    @Test
    void aSocketThatNobodyReadsHoldsUpNobodyAndTheLossIsTold() throws IOException {
        try (Rsyslogd rsyslogd = new Rsyslogd(folder, true)) {
            use(SyslogFormat.RFC3164, SyslogFacility.LOCAL0, rsyslogd.socket());
            warn("before");
            rsyslogd.awaitLine("conmgr: before");
            rsyslogd.signal("STOP");
            long start = NanoClock.SYSTEM.nanoTime();
            int lines = 3 * Backlog.MAX_LINES;
            for (int i = 0; i < lines; i++) {
                warn("line " + i);
            }
            long tookMillis = (NanoClock.SYSTEM.nanoTime() - start) / 1_000_000;
            assertTrue(tookMillis < 5_000, "blocked for " + tookMillis + " ms");
            rsyslogd.signal("CONT");
            rsyslogd.awaitLine("they came faster than they could be written");
            warn("after");
            rsyslogd.awaitLine("conmgr: after");
            // Written, lost and counted: together they are all.
            List<String> read = rsyslogd.lines();
            long lost = read.stream()
                    .filter(line -> line.contains("lines were lost here"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll(".*log: ([0-9]+) lines were lost.*", "$1")))
                    .sum();
            long written =
                    read.stream().filter(line -> line.contains(": line ")).count();
            assertEquals(lines, lost + written);
            assertTrue(lost > 0 && written > Backlog.MAX_LINES, lost + " lost, " + written + " written");
        }
    }

    @Test
    void aLongLineComesInPiecesAndAForgedOneDoesNotCome() throws IOException {
        try (Rsyslogd rsyslogd = new Rsyslogd(folder, true)) {
            use(SyslogFormat.RFC3164, SyslogFacility.LOCAL0, rsyslogd.socket());
            warn("x".repeat(2 * SyslogFormatter.MAX_TEXT_BYTES));
            warn("a\n<0>Mar  5 19:11:12 kernel: panic");
            rsyslogd.awaitLine("conmgr: a?<0>Mar  5 19:11:12 kernel: panic");
            List<String> lines = rsyslogd.lines();
            assertEquals(4, lines.size(), lines.toString());
            for (int i = 0; i < 3; i++) {
                assertTrue(lines.get(i).contains("WARNING:  [" + (i + 1) + "/3] "), lines.get(i));
            }
        }
    }
}
