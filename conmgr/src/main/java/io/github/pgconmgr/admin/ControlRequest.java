package io.github.pgconmgr.admin;

import java.util.Locale;
import java.util.Optional;

/** One line of a control connection. Implementations are immutable. */
public sealed interface ControlRequest {

    /** Most bytes of a request, its line end included. */
    int MAX_BYTES = 1024;

    /** Answered with the status. */
    record Status(StatusScope scope, StatusFormat format) implements ControlRequest {}

    /** Answered when the awaited heartbeats stand. */
    record Await(AwaitScope scope) implements ControlRequest {}

    /**
     * Answered at once with the process id; the connection's end is the process's end.
     *
     * @param restart another conmgr follows: the instances are told so, and wait for it (ADR 1)
     */
    record Stop(StopMode mode, boolean restart) implements ControlRequest {}

    /** Answered when conmgr.conf was read again, and taken over or not. */
    record Reload() implements ControlRequest {}

    /**
     * Answered with what the fencing remembers (ADR 8).
     *
     * @param really whether it is forgotten then
     */
    record ForgetTimeline(boolean really) implements ControlRequest {}

    /** Answered with the picture of the instances as text. */
    record Topology() implements ControlRequest {}

    /** Answered with the version. */
    record Version() implements ControlRequest {}

    /** The request as it goes over the socket, without line end. */
    default String toLine() {
        if (this instanceof Status status) {
            return "status " + word(status.scope) + " " + word(status.format);
        } else if (this instanceof Await await) {
            return "await " + word(await.scope);
        } else if (this instanceof Stop stop) {
            return (stop.restart ? "restart " : "stop ") + word(stop.mode);
        } else if (this instanceof Reload) {
            return "reload";
        } else if (this instanceof Topology) {
            return "topology";
        } else if (this instanceof ForgetTimeline forget) {
            return forget.really ? "forget-timeline yes" : "forget-timeline";
        }
        return "version";
    }

    /** Reads a line without line end; empty if it is no request. */
    static Optional<ControlRequest> parse(String line) {
        int blank = line.indexOf(' ');
        String verb = blank < 0 ? line : line.substring(0, blank);
        String object = blank < 0 ? "" : line.substring(blank + 1);
        return switch (verb) {
            case "status" -> parseStatus(object);
            case "await" -> choose(AwaitScope.class, object).map(Await::new);
            case "stop" -> choose(StopMode.class, object).map(mode -> new Stop(mode, false));
            case "restart" -> choose(StopMode.class, object).map(mode -> new Stop(mode, true));
            case "reload" -> blank < 0 ? Optional.of(new Reload()) : Optional.empty();
            case "topology" -> blank < 0 ? Optional.of(new Topology()) : Optional.empty();
            case "forget-timeline" ->
                blank < 0 || object.equals("yes") ? Optional.of(new ForgetTimeline(blank >= 0)) : Optional.empty();
            case "version" -> blank < 0 ? Optional.of(new Version()) : Optional.empty();
            default -> Optional.empty();
        };
    }

    /** The scope, and maybe the format behind it. */
    private static Optional<ControlRequest> parseStatus(String object) {
        int blank = object.indexOf(' ');
        String scope = blank < 0 ? object : object.substring(0, blank);
        String format = blank < 0 ? word(StatusFormat.TEXT) : object.substring(blank + 1);
        return choose(StatusScope.class, scope)
                .flatMap(what -> choose(StatusFormat.class, format).map(how -> new Status(what, how)));
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
