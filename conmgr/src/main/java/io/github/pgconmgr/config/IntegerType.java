package io.github.pgconmgr.config;

/** A decimal number from {@code min} to {@code max}; leading zeros mean nothing, least of all octal. Immutable. */
record IntegerType(int min, int max) implements ValueType<Integer> {

    /** A TCP port. */
    static final IntegerType PORT = new IntegerType(1, 65535);

    /** Longer than any number in range, shorter than what overflows a long. */
    private static final int MAX_DIGITS = 18;

    @Override
    public Integer parse(String text) throws InvalidValueException {
        long value = parseDecimal(text);
        if (value < min || value > max) {
            throw new InvalidValueException(text + " is outside the valid range " + bounds());
        }
        return (int) value;
    }

    /** Digits with an optional minus sign; what is too long for a long counts as its greatest value. */
    static long parseDecimal(String text) throws InvalidValueException {
        boolean negative = text.startsWith("-");
        String digits = negative ? text.substring(1) : text;
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new InvalidValueException("\"" + text + "\" is not a decimal number");
        }
        long magnitude = digits.length() > MAX_DIGITS ? Long.MAX_VALUE : Long.parseLong(digits);
        return negative ? -magnitude : magnitude;
    }

    @Override
    public String format(Integer value) {
        return value.toString();
    }

    @Override
    public String typeName() {
        return "integer";
    }

    @Override
    public String bounds() {
        return min + " .. " + max;
    }
}
