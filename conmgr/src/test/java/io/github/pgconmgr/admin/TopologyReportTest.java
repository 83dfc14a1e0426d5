package io.github.pgconmgr.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The picture of cm_ctl topology. */
class TopologyReportTest {

    private static InstanceStatus status(int number, String attribute, String reason) {
        InstanceStatus.Seen seen = new InstanceStatus.Seen(attribute, 2, 100, number == 1 ? -1 : 215);
        return new InstanceStatus(number, "db" + number, 5432, seen, "ALIVE", null, number, reason, "");
    }

    @Test
    void thePrimaryComesFirstThenItsStandbysThenTheRest() {
        TopologyReport report = new TopologyReport(
                List.of(
                        new TopologyReport.Node(
                                TopologyReport.Place.ASIDE,
                                status(0, "stale", "no connections"),
                                OptionalLong.empty(),
                                TopologyReport.Follows.NOBODY),
                        new TopologyReport.Node(
                                TopologyReport.Place.STANDBY,
                                status(1, "standby", ""),
                                OptionalLong.of(1536),
                                TopologyReport.Follows.NOBODY),
                        new TopologyReport.Node(
                                TopologyReport.Place.PRIMARY,
                                status(2, "primary", ""),
                                OptionalLong.empty(),
                                TopologyReport.Follows.NOBODY)),
                "timeline 2",
                0);
        assertEquals("""
                remembered: timeline 2
                  instance  host      attribute  liveness  tli  lag     follows  rtt ms  sessions  reason
                  2         db2:5432  primary    ALIVE       2  -             -    0.22         2  -
                  +- 1      db1:5432  standby    ALIVE       2  1.5 kB        -       -         1  -
                  (0)       db0:5432  stale      ALIVE       2  -             -    0.22         0  no connections
                """, report.toText());
    }

    private static TopologyReport.Node standby(int number, String server, OptionalInt instance) {
        return new TopologyReport.Node(
                TopologyReport.Place.STANDBY,
                status(number, "standby", ""),
                OptionalLong.of(0),
                new TopologyReport.Follows(server, instance));
    }

    private static List<String> firstTwoColumns(TopologyReport report) {
        return report.toText()
                .lines()
                .skip(2)
                .map(line -> line.replaceFirst("db\\d:5432.*", "").stripTrailing())
                .toList();
    }

    @Test
    void aStandbyStandsBehindWhomItFollows() {
        TopologyReport report = new TopologyReport(
                List.of(
                        standby(1, "db3:5432", OptionalInt.of(3)),
                        standby(2, "elsewhere:5432", OptionalInt.empty()),
                        standby(3, "db4:5432", OptionalInt.of(4)),
                        standby(5, "db1:5432", OptionalInt.of(1)),
                        new TopologyReport.Node(
                                TopologyReport.Place.PRIMARY,
                                status(4, "primary", ""),
                                OptionalLong.empty(),
                                TopologyReport.Follows.NOBODY)),
                "timeline 2",
                0);
        assertEquals(List.of("  4", "  +- 3", "     +- 1", "        +- 5", "  +- 2"), firstTwoColumns(report));
        assertTrue(report.toText().contains("elsewhere:5432"), report.toText());
    }

    @Test
    void withoutAPrimaryAndInACircleEachIsShownOnce() {
        TopologyReport report = new TopologyReport(
                List.of(
                        standby(1, "db2:5432", OptionalInt.of(2)),
                        standby(2, "db1:5432", OptionalInt.of(1)),
                        standby(3, "", OptionalInt.empty()),
                        standby(4, "db9:5432", OptionalInt.of(9))),
                "timeline 2",
                0);
        assertEquals(List.of("  +- 3", "  +- 4", "  +- 1", "     +- 2"), firstTwoColumns(report));
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "1023, 1023 B", "1024, 1.0 kB", "16777216, 16.0 MB", "9223372036854775807, 8388608.0 TB"})
    void sizesAreForPeople(long bytes, String text) {
        assertEquals(text, TopologyReport.size(bytes));
    }
}
