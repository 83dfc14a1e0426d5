package io.github.pgconmgr.config;

/**
 * A time: whole seconds, or a number with a unit as in postgresql.conf ({@code 250ms}, {@code 1s}, {@code 2min}). The value is
 * in milliseconds. A number without a unit is seconds, so 1 is the least, as documented (C4); with a unit it may be shorter,
 * down to {@link #MIN_MILLIS}. Immutable.
 */
record DurationType() implements ValueType<Integer> {

    /** The least: below it a link does little but send. */
    static final int MIN_MILLIS = 10;

    /** The most; HELLO carries signed 32 bits of milliseconds, almost 25 days. */
    static final int MAX_MILLIS = Integer.MAX_VALUE;

    static final Units UNITS = Units.of(
            new Units.Unit("ms", 1),
            new Units.Unit("s", 1_000),
            new Units.Unit("min", 60_000),
            new Units.Unit("h", 3_600_000),
            new Units.Unit("d", 86_400_000));

    @Override
    public Integer parse(String text) throws InvalidValueException {
        int digits = 0;
        while (digits < text.length() && (isDigit(text.charAt(digits)) || (digits == 0 && text.charAt(0) == '-'))) {
            digits++;
        }
        if (digits == 0) {
            throw new InvalidValueException("\"" + text + "\" is not a number of seconds or a number with a unit");
        }
        long number = IntegerType.parseDecimal(text.substring(0, digits));
        long unitMillis = unitMillis(text.substring(digits).strip());
        boolean tooLong = number > MAX_MILLIS / unitMillis;
        if (tooLong || number * unitMillis < MIN_MILLIS) {
            throw new InvalidValueException(text + " is outside the valid range " + bounds());
        }
        return (int) (number * unitMillis);
    }

    private static long unitMillis(String name) throws InvalidValueException {
        if (name.isEmpty()) {
            return 1_000;
        }
        return UNITS.size(name)
                .orElseThrow(() ->
                        new InvalidValueException("unknown unit \"" + name + "\"; valid units are " + UNITS.names()));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    @Override
    public String format(Integer millis) {
        return UNITS.format(millis);
    }

    @Override
    public String unit() {
        return "s";
    }

    @Override
    public String typeName() {
        return "integer";
    }

    @Override
    public String bounds() {
        return "1 s .. 24 d, with a unit from " + MIN_MILLIS + "ms";
    }
}
