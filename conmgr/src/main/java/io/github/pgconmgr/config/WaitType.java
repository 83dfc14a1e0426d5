package io.github.pgconmgr.config;

/**
 * A time that may be none: 0, or a plain number, or a number with a unit as in postgresql.conf. The value is in milliseconds.
 * Immutable.
 *
 * @param unit of a plain number: "ms" or "s"
 * @param maxMillis the longest
 */
record WaitType(String unit, int maxMillis) implements ValueType<Integer> {

    private static final DurationType DURATION = new DurationType();

    static WaitType millis(int maxMillis) {
        return new WaitType("ms", maxMillis);
    }

    static WaitType seconds() {
        return new WaitType("s", DurationType.MAX_MILLIS);
    }

    @Override
    public Integer parse(String text) throws InvalidValueException {
        boolean plain = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (plain && IntegerType.parseDecimal(text) == 0) {
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
        return maxMillis == DurationType.MAX_MILLIS
                ? "0, or " + DURATION.bounds()
                : "0, or " + DurationType.MIN_MILLIS + "ms .. " + DURATION.format(maxMillis);
    }
}
