package io.github.pgconmgr.story;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Program;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** An {@link Application} that runs, and what it has said. Confined to the test's thread. */
public final class ApplicationProcess {

    /** One line: when (monotonic, the same clock as ours), what, details. Immutable. */
    public record Event(long nanos, String word, String details) {

        static Optional<Event> parse(String line) {
            String[] parts = line.split(" ", 3);
            boolean ours = parts.length >= 2 && parts[0].matches("-?\\d+");
            return ours
                    ? Optional.of(new Event(Long.parseLong(parts[0]), parts[1], parts.length > 2 ? parts[2] : ""))
                    : Optional.empty();
        }
    }

    private final Program program;

    ApplicationProcess(Program program) {
        this.program = program;
    }

    /** Everything so far. */
    public List<Event> events() {
        return program.output().lines().stream()
                .map(Event::parse)
                .flatMap(Optional::stream)
                .toList();
    }

    /** Events with that word. */
    public List<Event> events(String word) {
        return events().stream().filter(event -> event.word.equals(word)).toList();
    }

    /** Events with that word that happened later than {@code nanos}. */
    public List<Event> eventsAfter(long nanos, String word) {
        return events(word).stream().filter(event -> event.nanos - nanos > 0).toList();
    }

    /** Blocks until an event with that word has happened later than {@code nanos}; gives the first one. */
    public Event awaitAfter(long nanos, String word, Duration limit) {
        return awaitAfter(nanos, word, details -> true, limit);
    }

    /** The same, of those whose details fit. */
    public Event awaitAfter(long nanos, String word, Predicate<String> details, Duration limit) {
        return Await.value(
                word + " of " + program.output().file().getFileName(),
                limit,
                () -> eventsAfter(nanos, word).stream()
                        .filter(event -> details.test(event.details))
                        .findFirst()
                        .orElse(null));
    }

    /** The process. */
    public Program program() {
        return program;
    }
}
