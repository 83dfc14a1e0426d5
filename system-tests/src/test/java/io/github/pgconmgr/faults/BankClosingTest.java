package io.github.pgconmgr.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.pgconmgr.faults.Ledger.Transfer;
import io.github.pgconmgr.testkit.Machine;
import io.github.pgconmgr.testkit.PgCluster;
import io.github.pgconmgr.testkit.PgInstance;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Books that are closed stay right, and a transfer that is not in them is found. */
class BankClosingTest {

    private static final PgCluster CLUSTER = new PgCluster();
    private static PgInstance primary;

    private final Ledger ledger = new Ledger(Map.of());
    private final BankClosing closing = new BankClosing();

    @BeforeAll
    static void start() {
        primary = CLUSTER.primary("db1", Machine.LOCAL, Map.of());
        primary.sql(Bank.SCHEMA);
    }

    @AfterAll
    static void stop() {
        CLUSTER.close();
    }

    @BeforeEach
    void emptyBooks() {
        primary.sql("TRUNCATE transfer", "UPDATE account SET balance = 0");
    }

    @Test
    void closedBooksGiveTheSameBalancesAgainAndAgain() {
        for (int number = 1; number <= 20; number++) {
            transfer("w1", number, number, number + 1, 10 * number);
            transfer("w2", number, 7, number + 30, 5);
            acknowledge("w1", number);
            if (number < 20) {
                acknowledge("w2", number);
            }
            if (number % 5 == 0) {
                assertEquals(List.of(), closing.close(ledger, primary));
                assertEquals("0", primary.sql(Bank.WRONG_BALANCES));
            }
        }
        assertEquals(39, closing.transfers());
        assertEquals(Set.of(), ledger.acknowledged());
        assertEquals(List.of(new Transfer("w2", 20)), Bank.booked(primary));
        assertEquals(
                "41", primary.sql("SELECT count(*) FROM transfer"), "one row for each account, and the open transfer");
    }

    @Test
    void aTransferWhoseAnswerWasLostStays() {
        transfer("w1", 1, 1, 2, 10);
        transfer("w1", 2, 1, 2, 10);
        ledger.add("app1", LoadEvent.parse("1 E w1 0 08006 commit 1 gone").orElseThrow());
        acknowledge("w1", 2);
        assertEquals(List.of(), closing.close(ledger, primary));
        assertEquals(List.of(new Transfer("w1", 1)), Bank.booked(primary));
    }

    @Test
    void aLostTransferIsFoundAndCounted() {
        transfer("w1", 1, 1, 2, 10);
        acknowledge("w1", 1);
        acknowledge("w1", 2);
        assertEquals(
                List.of("acknowledged, but lost at the closing: Transfer[worker=w1, number=2]"),
                closing.close(ledger, primary));
        assertEquals(1, closing.lost());
    }

    private void acknowledge(String worker, long number) {
        ledger.add("app1", LoadEvent.parse("1 A " + worker + " 0 " + number).orElseThrow());
    }

    private static void transfer(String worker, int number, int source, int target, int amount) {
        primary.sql(
                "INSERT INTO transfer VALUES ('" + worker + "', " + number + ", " + source + ", " + target + ", "
                        + amount + ")",
                "UPDATE account SET balance = balance + CASE id WHEN " + source + " THEN -" + amount + " ELSE " + amount
                        + " END WHERE id IN (" + source + ", " + target + ")");
    }
}
