package io.github.pgconmgr.faults;

import io.github.pgconmgr.testkit.PgInstance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The bank that the load works for: every transfer moves money between two of its accounts and is booked in the same
 * transaction. What was acknowledged has to be in the books exactly once, and the balances have to follow from the books.
 * Immutable: no state.
 */
final class Bank {

    /** A thousand accounts without money, and empty books. */
    static final String SCHEMA = "CREATE TABLE account (id int PRIMARY KEY, balance bigint NOT NULL);"
            + "INSERT INTO account SELECT n, 0 FROM generate_series(0, 999) n;"
            + "CREATE TABLE transfer (worker text, n bigint, source int, target int, amount int)";

    /** How many accounts have a balance that does not follow from the books. */
    static final String WRONG_BALANCES = "SELECT count(*) FROM account LEFT JOIN (SELECT id, sum(d) AS d FROM"
            + " (SELECT source AS id, -amount AS d FROM transfer UNION ALL SELECT target, amount FROM transfer) AS moved"
            + " GROUP BY id) AS booked USING (id) WHERE balance <> coalesce(d, 0)";

    private static final Duration LIMIT = Duration.ofSeconds(20);
    // A closing's rows (BankClosing) have no target.
    private static final String BOOKS = "SELECT worker, n FROM transfer WHERE target >= 0";

    private Bank() {}

    /** Checks the books of the primary; the load goes on meanwhile. */
    static List<String> check(Watch watch, PgInstance primary) {
        watch.read();
        Set<Ledger.Transfer> acknowledged = new HashSet<>(watch.ledger().acknowledged());
        List<Ledger.Transfer> booked = booked(primary);
        List<String> violations = new ArrayList<>();
        try {
            // A commit may be in the books before its application has said that it knows.
            watch.await(
                    "every booked transfer is known",
                    LIMIT,
                    () -> judge(watch, acknowledged, booked).isEmpty());
        } catch (AssertionError e) {
            violations.addAll(judge(watch, acknowledged, booked));
        }
        String wrong = primary.sql(WRONG_BALANCES);
        if (!wrong.equals("0")) {
            violations.add("accounts whose balance does not follow from the books: " + wrong);
        }
        violations.addAll(watch.ledger().wrongSums());
        return violations;
    }

    private static List<String> judge(Watch watch, Set<Ledger.Transfer> before, List<Ledger.Transfer> booked) {
        Ledger ledger = watch.ledger();
        return Invariants.ofBooks(
                before, booked, transfer -> ledger.acknowledged().contains(transfer) || ledger.mayBeThere(transfer));
    }

    /** All transfers in the books of that instance. */
    static List<Ledger.Transfer> booked(PgInstance primary) {
        return parse(primary.sql(BOOKS));
    }

    /** Transfers as psql prints them: worker and number. */
    static List<Ledger.Transfer> parse(String rows) {
        return rows.lines()
                .map(line -> line.split("\\|"))
                .map(columns -> new Ledger.Transfer(columns[0].intern(), Long.parseLong(columns[1])))
                .toList();
    }
}
