package io.github.pgconmgr.config;

/**
 * A time: a plain number, or a number with a unit as in postgresql.conf; it may be none, 0, if that is allowed. The value is in
 * milliseconds. Immutable.
 *
 * @param unit of a plain number: "ms" or "s"
 * @param mayBeNone whether 0 is a value
 * @param maxMillis the longest
 */
record WaitType(String unit, boolean mayBeNone, int maxMillis) implements ValueType<Integer> {

    private static final DurationType DURATION = new DurationType();

    static WaitType millis(int maxMillis) {
        return new WaitType("ms", true, maxMillis);
    }

    static WaitType somethingInMillis(int maxMillis) {
        return new WaitType("ms", false, maxMillis);
    }

    static WaitType seconds() {
        return new WaitType("s", true, DurationType.MAX_MILLIS);
    }

    @Override
    public Integer parse(String text) throws InvalidValueException {
        boolean plain = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (mayBeNone && plain && IntegerType.parseDecimal(text) == 0) {
            return 0;
        }
        int millis = DURATION.parse(plain ? text + unit : text);
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
    public String typeName() {
        return "integer";
    }

    @Override
    public String bounds() {
        String something = maxMillis == DurationType.MAX_MILLIS
                ? DURATION.bounds()
                : DurationType.MIN_MILLIS + "ms .. " + DURATION.format(maxMillis);
        return mayBeNone ? "0, or " + something : something;
    }
}
