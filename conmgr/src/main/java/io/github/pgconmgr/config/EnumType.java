package io.github.pgconmgr.config;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One of an enum's words, in upper or lower case as in postgresql.conf. Immutable.
 *
 * @param word how a choice is written
 */
record EnumType<E extends Enum<E>>(Class<E> choices, Function<E, String> word) implements ValueType<E> {

    /** Words are what {@code toString} says. */
    EnumType(Class<E> choices) {
        this(choices, Enum::toString);
    }

    @Override
    public E parse(String text) throws InvalidValueException {
        for (E choice : choices.getEnumConstants()) {
            if (word.apply(choice).equalsIgnoreCase(text)) {
                return choice;
            }
        }
        throw new InvalidValueException("\"" + text + "\" is not one of " + bounds());
    }

    @Override
    public String format(E value) {
        return word.apply(value);
    }

    @Override
    public String typeName() {
        return "enum";
    }

    @Override
    public String bounds() {
        return Arrays.stream(choices.getEnumConstants()).map(word).collect(Collectors.joining(", "));
    }
}
