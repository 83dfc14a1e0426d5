package io.github.pgconmgr.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Proves;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Datagrams byte for byte. */
@Proves("C5")
class SyslogFormatterTest {

    private static List<String> datagrams(SyslogFormat format, SyslogFacility facility, LogLine line) {
        SyslogSettings settings = new SyslogSettings(facility, "conmgr", format, "/dev/log");
        return new SyslogFormatter(settings, "host", 42, ZoneId.of("Asia/Tokyo"))
                .datagrams(line).stream()
                        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                        .toList();
    }

    private static List<String> rfc3164(LogLine line) {
        return datagrams(SyslogFormat.RFC3164, SyslogFacility.LOCAL0, line);
    }

    @Test
    void rfc3164IsWhatTheCLibraryWrites() {
        assertEquals(
                List.of("<133>Mar  5 19:11:12 conmgr[42]: WARNING:  conmgr: no heartbeat"),
                rfc3164(Lines.warning("no heartbeat")));
    }

    @Test
    void rfc5424HasZoneMillisecondsAndTheMessagesName() {
        assertEquals(
                List.of("<189>1 2026-03-05T19:11:12.345+09:00 host conmgr 42 CONFIG_WARNING -"
                        + " WARNING:  conmgr: no heartbeat"),
                datagrams(SyslogFormat.RFC5424, SyslogFacility.LOCAL7, Lines.warning("no heartbeat")));
    }

    @ParameterizedTest
    @CsvSource({
        "DEBUG, CLIENT_REDIRECTED, 7",
        "INFO, CLIENT_REFUSED, 6",
        "WARNING, CONFIG_WARNING, 5",
        "ERROR, CONFIG_PROBLEM, 4",
        "LOG, STOPPED, 6",
        "FATAL, ROOT_REFUSED, 3"
    })
    void aLevelGoesToSyslogAsPostgresqls(Severity severity, Message message, int code) {
        assertEquals(severity, message.severity());
        LogLine line = LogLine.of(Lines.TIME, message, "x");
        for (SyslogFacility facility : SyslogFacility.values()) {
            int number = facility.name().charAt("LOCAL".length()) - '0';
            int priority = (16 + number) * 8 + code;
            String datagram = datagrams(SyslogFormat.RFC3164, facility, line).get(0);
            assertTrue(datagram.startsWith("<" + priority + ">"), datagram);
        }
    }

    @Test
    void aLongTextIsSplitBetweenCharactersAndNothingOfItIsLost() {
        String text = "ä€😀".repeat(400);
        List<String> datagrams = rfc3164(Lines.warning(text));
        StringBuilder together = new StringBuilder();
        List<Integer> sizes = new ArrayList<>();
        for (int i = 0; i < datagrams.size(); i++) {
            String head = "<133>Mar  5 19:11:12 conmgr[42]: WARNING:  [" + (i + 1) + "/" + datagrams.size() + "] ";
            assertTrue(datagrams.get(i).startsWith(head), datagrams.get(i));
            String part = datagrams.get(i).substring(head.length());
            sizes.add(part.getBytes(StandardCharsets.UTF_8).length);
            together.append(part);
        }
        assertEquals("conmgr: " + text, together.toString());
        assertTrue(sizes.stream().allMatch(size -> size <= SyslogFormatter.MAX_TEXT_BYTES), sizes.toString());
        assertEquals(5, sizes.size());
    }

    @Test
    void aTextAtTheLimitIsNotSplit() {
        int fits = SyslogFormatter.MAX_TEXT_BYTES - "conmgr: ".length();
        assertEquals(1, rfc3164(Lines.warning("x".repeat(fits))).size());
        assertEquals(2, rfc3164(Lines.warning("x".repeat(fits + 1))).size());
    }

    @Test
    void noTextCanBeginAMessageOfItsOwn() {
        List<String> datagrams = rfc3164(Lines.warning("a\n<0>Mar  5 19:11:12 kernel: panic\0\u0085\u2028"));
        assertEquals(
                List.of("<133>Mar  5 19:11:12 conmgr[42]: WARNING:  conmgr: a?<0>Mar  5 19:11:12 kernel: panic???"),
                datagrams);
    }

    @ParameterizedTest
    @EnumSource(Message.class)
    void aMessagesNameFitsRfc5424(Message message) {
        assertTrue(message.name().length() <= 32, message.name());
    }
}
