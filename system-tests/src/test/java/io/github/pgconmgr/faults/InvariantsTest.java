package io.github.pgconmgr.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.faults.Ledger.Transfer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Each violation is planted once: a check that cannot fail is none. */
class InvariantsTest {

    private static final Set<Pair> NONE = Set.of();
    private static final Set<Pair> AT_DB1 = Set.of(new Pair("app1", "db1"));

    private final Ledger ledger = new Ledger(Map.of("10.79.0.13", "db1", "10.79.0.14", "db2"));

    @Test
    void aRoundAsItShouldBeHasNoViolation() {
        say("100 C app1-j1 90 10.79.0.13 11", "101 C app1-j2 90 10.79.0.14 12", "300 E app1-j1 250 08006 work 1 gone");
        assertEquals(List.of(), Invariants.ofSessions(ledger.sessions(), AT_DB1, NONE, 200));
        assertEquals(List.of(), Invariants.ofLeaks(Set.of("db2 12"), Set.of("db2 12")));
    }

    @Test
    void anEndThatNobodyExpectedIsAViolation() {
        say("100 C app1-j1 90 10.79.0.14 11", "300 E app1-j1 250 57P01 work 1 terminating connection");
        assertEquals(
                List.of("alive, but cut: app1-j1 at db2 (backend 11): 57P01 work 1 terminating connection"),
                Invariants.ofSessions(ledger.sessions(), AT_DB1, NONE, 200));
    }

    @Test
    void anEndThatIsAllowedIsNone() {
        say("100 C app1-j1 90 10.79.0.14 11", "300 E app1-j1 250 57P01 work 1 terminating connection");
        Set<Pair> allowed = Set.of(new Pair("app1", "db2"));
        assertEquals(List.of(), Invariants.ofSessions(ledger.sessions(), NONE, allowed, 200));
    }

    @Test
    void aSessionThatShouldHaveEndedIsAViolation() {
        say("100 C app1-j1 90 10.79.0.13 11");
        assertEquals(
                List.of("dead, but kept: app1-j1 at db1 (backend 11)"),
                Invariants.ofSessions(ledger.sessions(), AT_DB1, NONE, 200));
    }

    @Test
    void aSessionThatBeganAfterTheFaultMayStay() {
        say("300 C app1-j1 90 10.79.0.13 11");
        assertEquals(List.of(), Invariants.ofSessions(ledger.sessions(), AT_DB1, NONE, 200));
    }

    @Test
    void aSessionWithoutItsApplicationIsALeakAndTheOtherWayRound() {
        assertEquals(
                List.of("leaked: session db1 12 has no application", "missing: session db1 13 is not at the instance"),
                Invariants.ofLeaks(Set.of("db1 11", "db1 13"), new TreeSet<>(Set.of("db1 11", "db1 12"))));
    }

    @Test
    void anAcknowledgedTransferThatIsNotBookedIsLost() {
        say("100 C app1-j1 90 10.79.0.13 11", "110 A app1-j1 105 7");
        assertEquals(
                List.of("acknowledged, but lost: Transfer[worker=app1-j1, number=7]"),
                Invariants.ofBooks(ledger.acknowledged(), List.of(), ledger::mayBeThere));
    }

    @Test
    void aTransferThatIsBookedTwiceIsDoubled() {
        say("110 A app1-j1 105 7");
        Transfer seven = new Transfer("app1-j1", 7);
        assertEquals(
                List.of("doubled: " + seven),
                Invariants.ofBooks(ledger.acknowledged(), List.of(seven, seven), ledger::mayBeThere));
    }

    @Test
    void aTransferThatFailedBeforeItsCommitMustNotBeBooked() {
        say("100 C app1-j1 90 10.79.0.13 11", "120 E app1-j1 111 08006 work 8 gone");
        Transfer eight = new Transfer("app1-j1", 8);
        assertEquals(
                List.of("booked, but failed before its commit: " + eight),
                Invariants.ofBooks(Set.of(), List.of(eight), ledger::mayBeThere));
    }

    @Test
    void aTransferWhoseCommitWasNotAnsweredMayBeThereOrNot() {
        say("100 C app1-j1 90 10.79.0.13 11", "120 E app1-j1 111 08006 commit 8 gone");
        Transfer eight = new Transfer("app1-j1", 8);
        assertEquals(List.of(), Invariants.ofBooks(Set.of(), List.of(eight), ledger::mayBeThere));
        assertEquals(List.of(), Invariants.ofBooks(Set.of(), List.of(), ledger::mayBeThere));
    }

    @Test
    void longListsAreShortened() {
        for (int worker = 1; worker <= 50; worker++) {
            say("100 C app1-j" + worker + " 90 10.79.0.13 " + worker);
        }
        List<String> violations = Invariants.ofSessions(ledger.sessions(), AT_DB1, NONE, 200);
        assertEquals(6, violations.size());
        assertEquals("... and 45 more", violations.get(5));
    }

    @Test
    void aReaderThatSeesMoneyComeOrGoIsNoted() {
        say("100 R app1-j9 90 0", "110 R app1-j9 105 17");
        assertEquals(List.of("app1-j9 read a sum of 17"), ledger.wrongSums());
    }

    @Test
    void theApplicationsOfADeadHostHaveNoSessionsAndSeeNoError() {
        say("100 C app1-j1 90 10.79.0.13 11", "110 A app1-j1 105 7");
        ledger.applicationsDied("app1");
        assertTrue(ledger.open().isEmpty());
        assertEquals(List.of(), Invariants.ofSessions(ledger.sessions(), AT_DB1, NONE, 200));
        assertTrue(ledger.mayBeThere(new Transfer("app1-j1", 8)));
    }

    @Test
    void theTimeToWorkAgainIsThatOfTheNextWorkOfTheSameWorker() {
        say(
                "100 C app1-j1 90 10.79.0.13 11",
                "300 E app1-j1 250 08006 work 1 gone",
                "350 E app1-j1 320 08001 connect 1 refused",
                "400 C app1-j1 390 10.79.0.14 12",
                "420 A app1-j1 410 2");
        assertEquals(420, ledger.sessions().get(0).resumedNanos());
        assertEquals(1, ledger.refusals().size());
        assertEquals(1, ledger.open().size());
    }

    @Test
    void linesThatAreNotOfTheLoadAreNoEvents() {
        for (String line : new String[] {"", "WARNING: something", "1 X app1-j1 2 3", "x C app1-j1 2 3", "1 C a"}) {
            assertTrue(LoadEvent.parse(line).isEmpty(), line);
        }
    }

    private void say(String... lines) {
        for (String line : lines) {
            ledger.add("app1", LoadEvent.parse(line).orElseThrow());
        }
    }
}
