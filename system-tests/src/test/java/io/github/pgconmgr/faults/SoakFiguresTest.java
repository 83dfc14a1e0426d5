package io.github.pgconmgr.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.faults.Ledger.Transfer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A soak's figures: books, counters, logs. Each kind of wrong is planted once. */
class SoakFiguresTest {

    private static final String STATUS = "{\"conmgr\":{\"pid\":4711,\"version\":\"0.1.0\"},\"instances\":["
            + "{\"number\":0,\"host\":\"a\",\"sessions\":2,\"reason\":null,\"check\":null},"
            + "{\"number\":1,\"host\":\"b\",\"sessions\":0,\"reason\":null,\"check\":null}],\"applications\":["
            + "{\"pid\":\"99\",\"application_name\":\"x\",\"instance\":0},"
            + "{\"pid\":\"98\",\"application_name\":\"y\",\"instance\":0}],\"pool\":null}\n";

    @Test
    void lostAndDoubledTransfersAreCounted() {
        Transfer one = new Transfer("w", 1);
        Transfer two = new Transfer("w", 2);
        Transfer three = new Transfer("w", 3);
        Transfer four = new Transfer("w", 4);
        SoakBooks books = SoakBooks.of(Set.of(one, two), Set.of(three, four), List.of(one, one, three));
        assertEquals(new SoakBooks(2, 2, 1, 1, 1), books);
    }

    @Test
    void whatIsClosedIsForgottenAndWhatCameLaterIsNot() {
        Ledger ledger = new Ledger(Map.of());
        List.of("1 A w1 0 7", "2 A w1 0 8", "3 A w2 0 9")
                .forEach(line -> ledger.add("app1", LoadEvent.parse(line).orElseThrow()));
        ledger.close(Map.of("w1", 7L));
        assertEquals(Set.of(new Transfer("w1", 8), new Transfer("w2", 9)), ledger.acknowledged());
    }

    @Test
    void aClosingLeavesWhatMayStillBeAskedFor() {
        String sql = BankClosing.sql(Map.of("w1", 7L, "w2", 9L), Set.of(new Transfer("w1", 5)));
        assertTrue(sql.contains("VALUES ('w1', 7), ('w2', 9), ('closed', 0)"), sql);
        assertTrue(sql.contains("<> ALL ('{\"w1 5\"}')"), sql);
    }

    @Test
    void countersThatAreTrueAreNoViolation() {
        assertEquals(List.of(), SoakCounters.compare("app1", STATUS, Map.of(0, 2L)));
    }

    @Test
    void aSessionThatConmgrForgotOrKeptIsAViolation() {
        assertEquals(
                List.of(
                        "conmgr of app1 counts 2 sessions at instance 0, there are 1",
                        "conmgr of app1 counts 0 sessions at instance 1, there are 2",
                        "conmgr of app1 lists 2 applications, there are 3"),
                SoakCounters.compare("app1", STATUS, Map.of(0, 1L, 1, 2L)));
    }

    @Test
    void logsGrowByTheHour() {
        SoakLogs logs = SoakLogs.of(Map.of("conmgr app1", 1024L), Map.of("conmgr app1", 3072L), 1800);
        assertEquals("conmgr app1 4", logs.toString());
    }
}
