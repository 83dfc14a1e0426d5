package io.github.pgconmgr.config;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * The units of one quantity, as in postgresql.conf. Immutable.
 *
 * @param ascending the smallest first
 */
record Units(List<Unit> ascending) {

    /**
     * One of them.
     *
     * @param size in the smallest
     */
    record Unit(String name, long size) {}

    static Units of(Unit... ascending) {
        return new Units(List.of(ascending));
    }

    /** That unit's size; empty if there is none of that name. */
    OptionalLong size(String name) {
        return ascending.stream()
                .filter(unit -> unit.name.equals(name))
                .mapToLong(Unit::size)
                .findFirst();
    }

    /** In the largest unit that leaves a whole number. */
    String format(long amount) {
        Unit largest = ascending.get(0);
        for (Unit unit : ascending) {
            if (amount % unit.size == 0) {
                largest = unit;
            }
        }
        return amount / largest.size + largest.name;
    }

    /** For an error message: {@code "a", "b" and "c"}. */
    String names() {
        int last = ascending.size() - 1;
        return ascending.subList(0, last).stream().map(Units::quoted).collect(Collectors.joining(", ")) + " and "
                + quoted(ascending.get(last));
    }

    private static String quoted(Unit unit) {
        return "\"" + unit.name + "\"";
    }
}
