package io.github.pgconmgr.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Elements with commas between them, blanks around each ignored; at least one, at most {@link #MAX_ELEMENTS}. Immutable. */
record ListType<T>(ValueType<T> element) implements ValueType<List<T>> {

    /** A listening socket each: more is a mistake. */
    static final int MAX_ELEMENTS = 64;

    @Override
    public List<T> parse(String text) throws InvalidValueException {
        List<T> values = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            if (values.size() == MAX_ELEMENTS) {
                throw new InvalidValueException("the list has more than " + MAX_ELEMENTS + " elements");
            }
            if (part.isBlank()) {
                throw new InvalidValueException("an element of the list is empty");
            }
            values.add(element.parse(part.strip()));
        }
        return List.copyOf(values);
    }

    @Override
    public String format(List<T> value) {
        return value.stream().map(element::format).collect(Collectors.joining(", "));
    }

    @Override
    public String typeName() {
        return "list";
    }

    @Override
    public String bounds() {
        return "elements: " + element.bounds();
    }
}
