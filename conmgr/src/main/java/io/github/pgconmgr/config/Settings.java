package io.github.pgconmgr.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a file sets: parsed values with the lines they came from. Confined to the loading of one file. */
final class Settings {

    /** Instance number of a parameter that has none. */
    static final int NO_NUMBER = -1;

    private record Key(Parameter<?> parameter, int number) {}

    private final Map<Key, Object> values = new HashMap<>();
    private final Map<Key, Integer> lines = new HashMap<>();

    /** Where an instance number is first used, and by which parameter, number included. */
    record Use(int line, String name) {}

    private final Map<Integer, Use> firstUse = new TreeMap<>();

    /** Notes that a line names the parameter, whatever its value turns out to be. */
    void name(Parameter<?> parameter, int number, int line) {
        lines.put(new Key(parameter, number), line);
        if (number != NO_NUMBER) {
            firstUse.putIfAbsent(number, new Use(line, parameter.name() + number));
        }
    }

    void put(Parameter<?> parameter, int number, Object value) {
        values.put(new Key(parameter, number), value);
    }

    /** The value, or the parameter's default, or null if there is neither. */
    <T> @Nullable T find(Parameter<T> parameter, int number) {
        Object stored = values.get(new Key(parameter, number));
        if (stored != null) {
            // put() stores what this very parameter's type parsed.
            @SuppressWarnings("unchecked")
            T value = (T) stored;
            return value;
        }
        return parameter.defaultText().isEmpty() ? null : defaultOf(parameter);
    }

    /** The value or the default of a parameter that has a default. */
    <T> T get(Parameter<T> parameter, int number) {
        T value = find(parameter, number);
        if (value == null) {
            throw new IllegalArgumentException(parameter.name() + " has no default");
        }
        return value;
    }

    <T> T get(Parameter<T> parameter) {
        return get(parameter, NO_NUMBER);
    }

    /** The line that names it; 0 if none does. */
    int lineOf(Parameter<?> parameter, int number) {
        return lines.getOrDefault(new Key(parameter, number), 0);
    }

    /** The instance numbers that the file uses, ascending. */
    SortedSet<Integer> numbers() {
        return new TreeSet<>(firstUse.keySet());
    }

    /** The first use of a number of {@link #numbers}. */
    Use firstUseOf(int number) {
        return firstUse.getOrDefault(number, new Use(0, ""));
    }

    /** Every parameter in the table's order, those of an instance together. */
    List<Setting> all() {
        List<Setting> all = new ArrayList<>();
        boolean instancesDone = false;
        for (Parameter<?> parameter : Parameters.ALL) {
            if (!parameter.indexed()) {
                all.add(parameter.setting(this, NO_NUMBER));
            } else if (!instancesDone) {
                numbers().forEach(number -> addInstance(number, all));
                instancesDone = true;
            }
        }
        return all;
    }

    private void addInstance(int number, List<Setting> all) {
        for (Parameter<?> parameter : Parameters.ALL) {
            if (parameter.indexed()) {
                all.add(parameter.setting(this, number));
            }
        }
    }

    /** The value that the table gives where the file gives none. */
    static <T> T defaultOf(Parameter<T> parameter) {
        try {
            return parameter.type().parse(parameter.defaultText());
        } catch (InvalidValueException e) {
            throw new IllegalStateException("the table's default of " + parameter.name() + " is not a value of it", e);
        }
    }
}
