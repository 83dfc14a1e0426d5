package io.github.pgconmgr.state;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/**
 * The whole of a state machine's transitions. A pair of state and event that is not listed is a mistake in our program, not
 * something to be ignored.
 *
 * <p>Shared: immutable once built, but for the count of how often each pair was taken, which any thread may add to.
 *
 * @param <S> states
 * @param <E> events
 */
public final class TransitionTable<S extends Enum<S>, E extends Enum<E>> {

    /** One line of the table: in each of {@code from}, {@code event} leads to {@code to}, as the sentence tells. */
    public record Row<S, E>(Set<S> from, E event, S to, String sentence) {}

    /** How often a pair was taken since the process began: a simulation proves by it that it has been everywhere. */
    public record Taken(String from, String event, String to, long times) {}

    private record Step<S>(S to, LongAdder times) {}

    private final String name;
    private final List<Row<S, E>> rows;
    private final Map<S, Map<E, Step<S>>> next;

    private TransitionTable(Builder<S, E> builder) {
        this.name = builder.name;
        this.rows = List.copyOf(builder.rows);
        this.next = builder.next;
    }

    /** Starts a table. */
    public static <S extends Enum<S>, E extends Enum<E>> Builder<S, E> named(
            String name, Class<S> states, Class<E> events) {
        return new Builder<>(name, states, events);
    }

    /**
     * Where {@code event} leads.
     *
     * @throws IllegalStateException if the table does not list the pair
     */
    public S next(S from, E event) {
        Step<S> step = next.getOrDefault(from, Map.of()).get(event);
        if (step == null) {
            throw new IllegalStateException(name + ": no transition from " + from + " on " + event);
        }
        step.times.increment();
        return step.to;
    }

    /** What the table is about. */
    public String name() {
        return name;
    }

    /** Every listed pair. Any thread. */
    public List<Taken> taken() {
        List<Taken> all = new ArrayList<>();
        next.forEach((from, events) -> events.forEach(
                (event, step) -> all.add(new Taken(from.name(), event.name(), step.to.name(), step.times.sum()))));
        return all;
    }

    /** Whether the pair is listed. */
    public boolean allows(S from, E event) {
        return next.getOrDefault(from, Map.of()).containsKey(event);
    }

    /** The rows in the order in which they were written. */
    public List<Row<S, E>> rows() {
        return rows;
    }

    /** The table as Markdown, for docs/state-tables.md. */
    public String toMarkdown() {
        StringBuilder out = new StringBuilder("## ")
                .append(name)
                .append("\n\n| from | event | to | what follows |\n|---|---|---|---|\n");
        for (Row<S, E> row : rows) {
            String from =
                    String.join(", ", row.from.stream().sorted().map(Enum::name).toList());
            out.append("| ").append(from).append(" | ").append(row.event).append(" | ");
            out.append(row.to).append(" | ").append(row.sentence).append(" |\n");
        }
        return out.toString();
    }

    /** Collects rows; a pair may be listed once. */
    public static final class Builder<S extends Enum<S>, E extends Enum<E>> {
        private final String name;
        private final Class<E> events;
        private final List<Row<S, E>> rows = new ArrayList<>();
        private final Map<S, Map<E, Step<S>>> next;

        private Builder(String name, Class<S> states, Class<E> events) {
            this.name = name;
            this.events = events;
            this.next = new EnumMap<>(states);
        }

        /** Adds a row. */
        public Builder<S, E> row(Set<S> from, E event, S to, String sentence) {
            for (S state : from) {
                Step<S> earlier = next.computeIfAbsent(state, s -> new EnumMap<>(events))
                        .put(event, new Step<>(to, new LongAdder()));
                if (earlier != null) {
                    throw new IllegalArgumentException(name + ": " + state + " on " + event + " is listed twice");
                }
            }
            rows.add(new Row<>(Set.copyOf(from), event, to, sentence));
            return this;
        }

        /** Ends the table. */
        public TransitionTable<S, E> build() {
            return new TransitionTable<>(this);
        }
    }
}
