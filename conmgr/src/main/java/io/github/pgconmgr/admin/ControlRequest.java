package io.github.pgconmgr.admin;

import java.util.Locale;
import java.util.Optional;

/** One line of a control connection. Implementations are immutable. */
public sealed interface ControlRequest {

    /** Most bytes of a request, its line end included. */
    int MAX_BYTES = 1024;

    /** Answered with the status as text. */
    record Status(StatusScope scope) implements ControlRequest {}

    /** Answered when the awaited heartbeats stand. */
    record Await(AwaitScope scope) implements ControlRequest {}

    /** Answered at once with the process id; the connection's end is the process's end. */
    record Stop(StopMode mode) implements ControlRequest {}

    /** Answered with the version. */
    record Version() implements ControlRequest {}

    /** The request as it goes over the socket, without line end. */
    default String toLine() {
        if (this instanceof Status status) {
            return "status " + word(status.scope);
        } else if (this instanceof Await await) {
            return "await " + word(await.scope);
        } else if (this instanceof Stop stop) {
            return "stop " + word(stop.mode);
        }
        return "version";
    }

    /** Reads a line without line end; empty if it is no request. */
    static Optional<ControlRequest> parse(String line) {
        int blank = line.indexOf(' ');
        String verb = blank < 0 ? line : line.substring(0, blank);
        String object = blank < 0 ? "" : line.substring(blank + 1);
        return switch (verb) {
            case "status" -> choose(StatusScope.class, object).map(Status::new);
            case "await" -> choose(AwaitScope.class, object).map(Await::new);
            case "stop" -> choose(StopMode.class, object).map(Stop::new);
            case "version" -> blank < 0 ? Optional.of(new Version()) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static <E extends Enum<E>> Optional<E> choose(Class<E> choices, String word) {
        for (E choice : choices.getEnumConstants()) {
            if (word(choice).equals(word)) {
                return Optional.of(choice);
            }
        }
        return Optional.empty();
    }

    private static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }
}
