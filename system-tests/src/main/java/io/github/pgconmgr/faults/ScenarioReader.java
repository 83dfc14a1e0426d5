package io.github.pgconmgr.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads scenario files (docs/faults.md): a line each, a word that says what it is, and more words. All mistakes of a file are
 * reported together, each with file and line.
 *
 * <p>Confined to one thread, one file each.
 */
final class ScenarioReader {

    /** A file that cannot be played: {@code file:line: what is wrong}, a line each. */
    static final class BadScenario extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BadScenario(List<String> mistakes) {
            super(String.join("\n", mistakes));
        }
    }

    private final String file;
    private final List<String> mistakes = new ArrayList<>();
    private final List<Pair> ends = new ArrayList<>();
    private final List<Pair> mayEnd = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private @Nullable String fault;
    private Settings settings = Settings.QUICK;
    private Layout layout = Layout.PLAIN;

    private ScenarioReader(String file) {
        this.file = file;
    }

    /** The scenario in that file. */
    static Scenario read(Path path) throws IOException {
        return read(path.getFileName().toString(), Files.readAllLines(path));
    }

    /** The scenario of these lines. */
    static Scenario read(String file, List<String> lines) {
        ScenarioReader reader = new ScenarioReader(file);
        for (int number = 1; number <= lines.size(); number++) {
            reader.line(number, lines.get(number - 1).replaceFirst("#.*", "").strip());
        }
        return reader.finish(lines.size());
    }

    private Scenario finish(int lastLine) {
        if (fault == null) {
            mistake(lastLine, "there is no line \"fault ...\"");
        }
        if (steps.stream().noneMatch(step -> step.verb() == Step.Verb.BREAK)) {
            mistake(lastLine, "nothing breaks: there is no line \"break ...\"");
        }
        if (!mistakes.isEmpty() || fault == null) {
            throw new BadScenario(mistakes);
        }
        String name = file.replaceFirst("\\.[^.]*$", "");
        return new Scenario(name, fault, settings, layout, List.copyOf(ends), List.copyOf(mayEnd), List.copyOf(steps));
    }

    private void mistake(int line, String text) {
        mistakes.add(file + ":" + line + ": " + text);
    }

    private void line(int number, String text) {
        if (text.isEmpty()) {
            return;
        }
        String[] parts = text.split("\\s+", 2);
        String rest = parts.length > 1 ? parts[1] : "";
        try {
            keyword(number, parts[0], rest);
        } catch (IllegalArgumentException e) {
            mistake(number, String.valueOf(e.getMessage()));
        }
    }

    private void keyword(int number, String keyword, String rest) {
        switch (keyword) {
            case "fault" -> {
                require(fault == null, "a second line \"fault\"");
                require(!rest.isEmpty(), "\"fault\" wants words");
                fault = rest;
            }
            case "settings" -> settings = settings(rest);
            case "lab" -> layout = layout(rest);
            case "ends" -> ends.add(pair(keyword, rest));
            case "may-end" -> mayEnd.add(pair(keyword, rest));
            default -> steps.add(step(number, keyword, rest));
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    private static Settings settings(String word) {
        for (Settings each : Settings.values()) {
            if (each.word().equals(word)) {
                return each;
            }
        }
        throw new IllegalArgumentException("no settings \"" + word + "\": quick, patient, default or sharp");
    }

    private static Layout layout(String word) {
        for (Layout each : Layout.values()) {
            if (each.word().equals(word)) {
                return each;
            }
        }
        throw new IllegalArgumentException("no lab \"" + word + "\": plain, nat, names, disks or clocks");
    }

    private static Pair pair(String keyword, String rest) {
        String[] words = rest.split("\\s+", 3);
        require(words.length == 2, "\"" + keyword + "\" wants an application host and an instance");
        require(Names.isApplication(words[0]), "no application host \"" + words[0] + "\"");
        require(Names.isInstance(words[1]), "no instance \"" + words[1] + "\"");
        return new Pair(words[0], words[1]);
    }

    private static Step step(int number, String keyword, String rest) {
        Step.Verb verb = verb(keyword);
        String[] halves = rest.split("\\s+within\\s+", 2);
        Span limit = halves.length > 1 ? Span.parse(halves[1]) : Span.LIMIT;
        require(halves.length == 1 || verb == Step.Verb.AWAIT, "only \"await\" has a limit");
        if (verb == Step.Verb.WAIT) {
            return new Step(number, verb, List.of(rest), Span.parse(rest));
        }
        Step step = new Step(number, verb, List.of(halves[0].split("\\s+")), limit);
        switch (verb) {
            case BREAK, MEND, DO -> Action.of(step.words());
            case AWAIT, EXPECT -> Condition.of(step.words());
            case WAIT -> throw new IllegalStateException("read above");
        }
        return step;
    }

    private static Step.Verb verb(String keyword) {
        for (Step.Verb verb : Step.Verb.values()) {
            if (verb.name().toLowerCase(Locale.ROOT).equals(keyword)) {
                return verb;
            }
        }
        throw new IllegalArgumentException("\"" + keyword + "\" is no word that a line begins with");
    }
}
