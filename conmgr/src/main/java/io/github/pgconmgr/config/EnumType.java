package io.github.pgconmgr.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** One of an enum's words ({@code toString}), in upper or lower case as in postgresql.conf. Immutable. */
record EnumType<E extends Enum<E>>(Class<E> choices) implements ValueType<E> {

    @Override
    public E parse(String text) throws InvalidValueException {
        String wanted = text.toUpperCase(Locale.ROOT);
        for (E choice : choices.getEnumConstants()) {
            if (choice.name().equals(wanted)) {
                return choice;
            }
        }
        throw new InvalidValueException("\"" + text + "\" is not one of " + bounds());
    }

    @Override
    public String format(E value) {
        return value.toString();
    }

    @Override
    public String typeName() {
        return "enum";
    }

    @Override
    public String bounds() {
        return Arrays.stream(choices.getEnumConstants()).map(Enum::toString).collect(Collectors.joining(", "));
    }
}
