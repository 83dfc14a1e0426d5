package io.github.pgconmgr.config;

import java.util.concurrent.TimeUnit;

/** {@code off}, a number of bytes, or a time, each with a unit as in postgresql.conf. Immutable. */
record LagType() implements ValueType<LagLimit> {

    /** An exabyte: the LSN's own range is sixteen. */
    static final long MAX_BYTES = 1L << 60;

    private static final String OFF_WORD = "off";
    private static final DurationType TIME = new DurationType();

    private static final Units UNITS = Units.of(
            new Units.Unit("B", 1),
            new Units.Unit("kB", 1L << 10),
            new Units.Unit("MB", 1L << 20),
            new Units.Unit("GB", 1L << 30),
            new Units.Unit("TB", 1L << 40));

    @Override
    public LagLimit parse(String text) throws InvalidValueException {
        if (text.equalsIgnoreCase(OFF_WORD)) {
            return LagLimit.OFF;
        }
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        if (digits == 0) {
            throw new InvalidValueException(
                    "\"" + text + "\" is neither \"off\" nor a number of bytes or a time with a unit");
        }
        String unitName = text.substring(digits).strip();
        if (DurationType.UNITS.size(unitName).isPresent()) {
            return LagLimit.nanos(TimeUnit.MILLISECONDS.toNanos(TIME.parse(text)));
        }
        long unit = unitBytes(unitName);
        long number = IntegerType.parseDecimal(text.substring(0, digits));
        if (number > MAX_BYTES / unit || number < 1) {
            throw new InvalidValueException(text + " is outside the valid range " + bounds());
        }
        return LagLimit.bytes(number * unit);
    }

    private static long unitBytes(String name) throws InvalidValueException {
        return UNITS.size(name)
                .orElseThrow(() -> new InvalidValueException(
                        (name.isEmpty() ? "a unit is needed" : "unknown unit \"" + name + "\"")
                                + "; valid units of a number of bytes are " + UNITS.names() + ", or of a time "
                                + DurationType.UNITS.names()));
    }

    /** In the largest unit that leaves a whole number. */
    @Override
    public String format(LagLimit limit) {
        return switch (limit.kind()) {
            case OFF -> OFF_WORD;
            case BYTES -> UNITS.format(limit.amount());
            case TIME -> TIME.format((int) TimeUnit.NANOSECONDS.toMillis(limit.amount()));
        };
    }

    @Override
    public String typeName() {
        return "integer";
    }

    @Override
    public String bounds() {
        return "off, 1B .. " + UNITS.format(MAX_BYTES) + ", or " + DurationType.MIN_MILLIS + "ms .. 24 d";
    }
}
