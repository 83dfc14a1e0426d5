package io.github.pgconmgr.config;

import java.util.function.Predicate;

/**
 * A string that passes a check. Immutable.
 *
 * @param rule what the check asks for, as in "is not RULE"
 * @param check never sees an empty string or more than {@link #MAX_LENGTH} characters
 */
record TextType(String rule, Predicate<String> check) implements ValueType<String> {

    /** A name of the DNS has 253 characters at most. */
    static final int MAX_LENGTH = 255;

    @Override
    public String parse(String text) throws InvalidValueException {
        if (text.isEmpty()) {
            throw new InvalidValueException("the value is empty; delete the line to leave the parameter out");
        }
        if (text.length() > MAX_LENGTH) {
            throw new InvalidValueException("the value is longer than " + MAX_LENGTH + " characters");
        }
        if (!check.test(text)) {
            throw new InvalidValueException("\"" + text + "\" is not " + rule);
        }
        return text;
    }

    @Override
    public String format(String value) {
        return value;
    }

    @Override
    public String typeName() {
        return "string";
    }

    @Override
    public String bounds() {
        return rule;
    }
}
