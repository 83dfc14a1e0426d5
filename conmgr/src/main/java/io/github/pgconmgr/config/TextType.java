package io.github.pgconmgr.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * A string that passes a check. Immutable.
 *
 * @param rule what the check asks for, as in "is not RULE"
 * @param maxLength in characters
 * @param check never sees an empty string or a longer one
 */
record TextType(String rule, int maxLength, Predicate<String> check) implements ValueType<String> {

    /** A name of the DNS has 253 characters at most. */
    static final int MAX_LENGTH = 255;

    /** Of a file. */
    static final TextType PATH = new TextType("a path", TextType::isPath);

    /** In a C locale the JDK has no bytes for what is not ASCII. */
    private static boolean isPath(String text) {
        try {
            return !Path.of(text).toString().isEmpty();
        } catch (InvalidPathException e) {
            return false;
        }
    }

    TextType(String rule, Predicate<String> check) {
        this(rule, MAX_LENGTH, check);
    }

    @Override
    public String parse(String text) throws InvalidValueException {
        if (text.isEmpty()) {
            throw new InvalidValueException("the value is empty; delete the line to leave the parameter out");
        }
        if (text.length() > maxLength) {
            throw new InvalidValueException("the value is longer than " + maxLength + " characters");
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
