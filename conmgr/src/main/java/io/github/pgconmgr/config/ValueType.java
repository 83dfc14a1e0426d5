package io.github.pgconmgr.config;

/**
 * What a parameter's value may be: its parser, and what the sample file says of it. Implementations are immutable.
 *
 * @param <T> the value, once parsed
 */
sealed interface ValueType<T> permits IntegerType, DurationType, TextType, EnumType, ListType {

    /**
     * Reads one value, quotes already taken off.
     *
     * @throws InvalidValueException with a reason for the user
     */
    T parse(String text) throws InvalidValueException;

    /** The document's word for the type: integer, string, enum, list. */
    String typeName();

    /** Bounds or choices in words; empty if there are none. */
    String bounds();
}
