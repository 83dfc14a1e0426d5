package io.github.pgconmgr.config;

import java.util.List;

/** A number of bytes with a unit as in postgresql.conf, or {@code off}, which is {@link #OFF}. Immutable. */
record SizeType() implements ValueType<Long> {

    /** No number of bytes is more. */
    static final long OFF = Long.MAX_VALUE;

    /** An exabyte: the LSN's own range is sixteen. */
    static final long MAX_BYTES = 1L << 60;

    private static final String OFF_WORD = "off";

    private record Unit(String name, long bytes) {}

    /** Ascending. */
    private static final List<Unit> UNITS = List.of(
            new Unit("B", 1),
            new Unit("kB", 1L << 10),
            new Unit("MB", 1L << 20),
            new Unit("GB", 1L << 30),
            new Unit("TB", 1L << 40));

    @Override
    public Long parse(String text) throws InvalidValueException {
        if (text.equalsIgnoreCase(OFF_WORD)) {
            return OFF;
        }
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        if (digits == 0) {
            throw new InvalidValueException("\"" + text + "\" is neither \"off\" nor a number of bytes with a unit");
        }
        long unit = unitBytes(text.substring(digits).strip());
        long number = IntegerType.parseDecimal(text.substring(0, digits));
        if (number > MAX_BYTES / unit || number < 1) {
            throw new InvalidValueException(text + " is outside the valid range " + bounds());
        }
        return number * unit;
    }

    private static long unitBytes(String name) throws InvalidValueException {
        for (Unit unit : UNITS) {
            if (unit.name.equals(name)) {
                return unit.bytes;
            }
        }
        if (name.isEmpty()) {
            throw new InvalidValueException("a number of bytes needs a unit: \"B\", \"kB\", \"MB\", \"GB\" or \"TB\"");
        }
        // A time would need to be on the wire: ADR 8.
        throw new InvalidValueException("unit \"" + name
                + "\" is not one of a number of bytes; valid units are \"B\", \"kB\", \"MB\", \"GB\" and \"TB\"");
    }

    /** In the largest unit that leaves a whole number. */
    @Override
    public String format(Long bytes) {
        if (bytes == OFF) {
            return OFF_WORD;
        }
        Unit largest = UNITS.get(0);
        for (Unit unit : UNITS) {
            if (bytes % unit.bytes == 0) {
                largest = unit;
            }
        }
        return bytes / largest.bytes + largest.name;
    }

    @Override
    public String typeName() {
        return "integer";
    }

    @Override
    public String bounds() {
        return "off, or 1B .. " + format(MAX_BYTES);
    }
}
