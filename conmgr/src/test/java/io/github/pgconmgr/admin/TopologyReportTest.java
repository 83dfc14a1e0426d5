package io.github.pgconmgr.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
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
                                TopologyReport.Place.ASIDE, status(0, "stale", "no connections"), OptionalLong.empty()),
                        new TopologyReport.Node(
                                TopologyReport.Place.STANDBY, status(1, "standby", ""), OptionalLong.of(1536)),
                        new TopologyReport.Node(
                                TopologyReport.Place.PRIMARY, status(2, "primary", ""), OptionalLong.empty())),
                "timeline 2",
                0);
        assertEquals("""
                remembered: timeline 2
                  instance  host      attribute  liveness  tli  lag     rtt ms  sessions  reason
                  2         db2:5432  primary    ALIVE       2  -         0.22         2  -
                  +- 1      db1:5432  standby    ALIVE       2  1.5 kB       -         1  -
                  (0)       db0:5432  stale      ALIVE       2  -         0.22         0  no connections
                """, report.toText());
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "1023, 1023 B", "1024, 1.0 kB", "16777216, 16.0 MB", "9223372036854775807, 8388608.0 TB"})
    void sizesAreForPeople(long bytes, String text) {
        assertEquals(text, TopologyReport.size(bytes));
    }
}
