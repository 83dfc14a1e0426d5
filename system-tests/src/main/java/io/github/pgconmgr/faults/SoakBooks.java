package io.github.pgconmgr.faults;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The bank's totals at the end of a soak, all of it counted once more. Immutable.
 *
 * @param acknowledged commits that the applications were told of
 * @param unknown commits whose answer was lost
 * @param booked of the unknown, those that had happened
 * @param lost acknowledged, but not in the books
 * @param doubled in the books more than once
 */
record SoakBooks(long acknowledged, long unknown, long booked, long lost, long doubled) {

    /** Counts what was acknowledged or unknown before the books were read. */
    static SoakBooks of(Set<Ledger.Transfer> acknowledged, Set<Ledger.Transfer> unknown, List<Ledger.Transfer> books) {
        Set<Ledger.Transfer> booked = new HashSet<>(books);
        return new SoakBooks(
                acknowledged.size(),
                unknown.size(),
                unknown.stream().filter(booked::contains).count(),
                acknowledged.stream().filter(each -> !booked.contains(each)).count(),
                books.size() - booked.size());
    }

    /** Together with what was closed before. */
    SoakBooks plus(BankClosing closing) {
        return new SoakBooks(acknowledged + closing.transfers(), unknown, booked, lost + closing.lost(), doubled);
    }

    @Override
    public String toString() {
        return acknowledged + " transfers acknowledged, " + lost + " of them lost, " + doubled + " booked twice; "
                + unknown + " whose answer was lost, " + booked + " of these had been booked";
    }
}
