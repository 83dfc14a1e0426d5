package io.github.pgconmgr.config;

/**
 * A short time: milliseconds, or a number with a unit as in postgresql.conf; it may be none, 0, if that is allowed. The value is
 * in milliseconds. Immutable.
 *
 * @param mayBeNone whether 0 is a value
 * @param maxMillis the longest
 */
record WaitType(boolean mayBeNone, int maxMillis) implements ValueType<Integer> {

    private static final DurationType DURATION = new DurationType();

    @Override
    public Integer parse(String text) throws InvalidValueException {
        boolean plain = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (mayBeNone && plain && IntegerType.parseDecimal(text) == 0) {
            return 0;
        }
        int millis = DURATION.parse(plain ? text + "ms" : text);
        if (millis > maxMillis) {
            throw new InvalidValueException(text + " is outside the valid range " + bounds());
        }
        return millis;
    }

    @Override
    public String format(Integer millis) {
        return millis == 0 ? "0" : DURATION.format(millis);
    }

    @Override
    public String unit() {
        return "ms";
    }

    @Override
    public String typeName() {
        return "integer";
    }

    @Override
    public String bounds() {
        return (mayBeNone ? "0, or " : "") + DurationType.MIN_MILLIS + "ms .. " + DURATION.format(maxMillis);
    }
}
