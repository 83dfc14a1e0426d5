package io.github.pgconmgr.testkit;

import java.util.Comparator;

/** One test that passed and a requirement that it proves. Immutable. */
record Proof(String requirement, String module, String testClass, String method) implements Comparable<Proof> {

    private static final Comparator<Proof> ORDER = Comparator.comparing(Proof::requirement)
            .thenComparing(Proof::module)
            .thenComparing(Proof::testClass)
            .thenComparing(Proof::method);

    /** The line of a coverage file, without its end. */
    String toTsv() {
        return String.join("\t", requirement, module, testClass, method);
    }

    /** Reads what {@link #toTsv} wrote. */
    static Proof fromTsv(String line) {
        String[] cells = line.split("\t", -1);
        if (cells.length != 4) {
            throw new IllegalArgumentException("not a coverage line: " + line);
        }
        return new Proof(cells[0], cells[1], cells[2], cells[3]);
    }

    /** {@code module: Class.method}, the class without its package. */
    String display() {
        return module + ": " + testClass.substring(testClass.lastIndexOf('.') + 1) + "." + method;
    }

    @Override
    public int compareTo(Proof other) {
        return ORDER.compare(this, other);
    }
}
