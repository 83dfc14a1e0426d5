package io.github.pgconmgr.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Proves;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The status as people read it. */
@Proves("C10")
class StatusReportTest {

    private static final Instant TIME = Instant.parse("2026-11-21T03:00:00Z");

    private static final StatusReport REPORT = new StatusReport(
            new ConmgrStatus(4711, "0.1.0", "/var/lib/conmgr", 27546, TIME),
            List.of(
                    new InstanceStatus(
                            0,
                            "db0.example.com",
                            5432,
                            new InstanceStatus.Seen("primary", 2, 0x1_0300_0060L, 412),
                            "ALIVE",
                            TIME,
                            12,
                            "welcomed by the watchdog"),
                    new InstanceStatus(10, "db1", 27500, InstanceStatus.Seen.NOTHING, "UNKNOWN", null, 0, "")),
            List.of(new ApplicationStatus("99", "night\u001b[31m\nrun", "127.0.0.1:40112", "primary", 0, TIME)),
            new PoolStatus(
                    "session",
                    32,
                    3,
                    5,
                    1,
                    128,
                    List.of(new PoolStatus.Connections(0, "db0.example.com", 5432, 3, 12, 1))));

    @Test
    void allIsShownAligned() {
        assertEquals("""
                conmgr 0.1.0 is running (PID 4711)
                  directory: /var/lib/conmgr
                  port:      27546
                  since:     2026-11-21 03:00:00 Z

                instances: 2
                  no  host              port  attribute  liveness  since                  tli  lsn        rtt ms  sessions  reason
                   0  db0.example.com   5432  primary    ALIVE     2026-11-21 03:00:00 Z    2  1/3000060    0.41        12  welcomed by the watchdog
                  10  db1              27500  -          UNKNOWN   -                        -  -               -         0  -

                applications: 1
                  pid  application     address          target   instance  since
                   99  night?[31m?run  127.0.0.1:40112  primary         0  2026-11-21 03:00:00 Z

                pool: session mode, 3 of 32 workers busy, 5 clients, 1 waiting, 16 of at most 128 server connections
                  no  host             port  in use  cached  opening
                   0  db0.example.com  5432       3      12        1
                """, REPORT.toText(StatusScope.ALL, ZoneOffset.UTC));
    }

    @Test
    void asJsonEachMemberIsThereAndWhatIsNotKnownIsNull() {
        assertEquals(
                "{\"conmgr\":{\"pid\":4711,\"version\":\"0.1.0\",\"directory\":\"/var/lib/conmgr\",\"port\":27546,"
                        + "\"since\":\"2026-11-21T03:00:00Z\"},\"instances\":["
                        + "{\"number\":0,\"host\":\"db0.example.com\",\"port\":5432,\"attribute\":\"primary\","
                        + "\"liveness\":\"alive\",\"since\":\"2026-11-21T03:00:00Z\",\"timeline\":2,\"lsn\":\"1/3000060\","
                        + "\"round_trip_ms\":0.412,\"sessions\":12,\"reason\":\"welcomed by the watchdog\"},"
                        + "{\"number\":10,\"host\":\"db1\",\"port\":27500,\"attribute\":null,\"liveness\":\"unknown\","
                        + "\"since\":null,\"timeline\":null,\"lsn\":null,\"round_trip_ms\":null,\"sessions\":0,"
                        + "\"reason\":null}],\"applications\":[{\"pid\":\"99\","
                        + "\"application_name\":\"night\\u001b[31m\\u000arun\",\"address\":\"127.0.0.1:40112\","
                        + "\"target_session_attrs\":\"primary\",\"instance\":0,\"since\":\"2026-11-21T03:00:00Z\"}],"
                        + "\"pool\":{\"mode\":\"session\",\"workers\":32,\"busy\":3,\"clients\":5,\"waiting\":1,"
                        + "\"max_server_connections\":128,\"instances\":[{\"number\":0,\"in_use\":3,\"cached\":12,\"opening\":1}]}}\n",
                REPORT.render(StatusScope.ALL, StatusFormat.JSON, ZoneOffset.UTC));
    }

    @Test
    void jsonEscapesWhatATerminalOrAParserWouldTakeForMore() {
        assertEquals(
                "\"a\\\"b\\\\c\\u00e4\\ud83d\\ude00\\u007f\"",
                new Json().text("a\"b\\c\u00e4\ud83d\ude00\u007f").toString());
    }

    @Test
    void aPartIsShownAlone() {
        assertEquals(
                "instances: 2",
                REPORT.toText(StatusScope.INSTANCE, ZoneOffset.UTC)
                        .lines()
                        .findFirst()
                        .orElseThrow());
        assertEquals(
                3,
                REPORT.toText(StatusScope.APPLICATION, ZoneOffset.UTC).lines().count());
        StatusReport idle = new StatusReport(REPORT.conmgr(), REPORT.instances(), List.of(), REPORT.pool());
        assertEquals("applications: 0\n", idle.toText(StatusScope.APPLICATION, ZoneOffset.UTC));
    }

    @Test
    void thePoolIsShownAlone() {
        assertEquals(
                "pool: session mode, 3 of 32 workers busy, 5 clients, 1 waiting, 16 of at most 128 server connections",
                REPORT.toText(StatusScope.POOL, ZoneOffset.UTC)
                        .lines()
                        .findFirst()
                        .orElseThrow());
        assertTrue(REPORT.render(StatusScope.POOL, StatusFormat.JSON, ZoneOffset.UTC)
                .startsWith("{\"pool\":{\"mode\":"));
        assertFalse(REPORT.render(StatusScope.INSTANCE, StatusFormat.JSON, ZoneOffset.UTC)
                .contains("\"pool\""));
    }

    @Test
    void aNameThatIsTooLongIsCut() {
        StatusReport report = new StatusReport(
                REPORT.conmgr(),
                List.of(),
                List.of(new ApplicationStatus("", "n".repeat(500), "a:1", "any", 0, TIME)),
                REPORT.pool());
        assertEquals(
                true,
                report.toText(StatusScope.APPLICATION, ZoneOffset.UTC).lines().allMatch(line -> line.length() < 140));
    }
}
