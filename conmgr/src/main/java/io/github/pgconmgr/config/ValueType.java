package io.github.pgconmgr.config;

/**
 * What a parameter's value may be: its parser, and what the documents say of it. Implementations are immutable.
 *
 * @param <T> the value, once parsed
 */
public sealed interface ValueType<T>
        permits IntegerType,
                DurationType,
                WaitType,
                LagType,
                TextType,
                ConninfoType,
                EnumType,
                ListType,
                QueryListType {

    /**
     * Reads one value, quotes already taken off.
     *
     * @throws InvalidValueException with a reason for the user
     */
    T parse(String text) throws InvalidValueException;

    /** The one way to write a value; {@link #parse} gives it back. */
    String format(T value);

    /** The document's word for the type: integer, string, enum, list. */
    String typeName();

    /** Bounds or choices in words. */
    String bounds();

    /** Of a number that is written without one: "s"; empty if it counts things. */
    default String unit() {
        return "";
    }
}
