package io.github.pgconmgr.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The form of an action or condition: words in lower case stand for themselves, those in upper case for what they name.
 * Immutable.
 */
record Phrase(List<String> form) {

    static Phrase of(String text) {
        return new Phrase(List.of(text.split(" ")));
    }

    /** What stands for the words in upper case, if the line has this form; TEXT at the end is all the rest. */
    Optional<List<String>> match(List<String> words) {
        List<String> line = withoutRest(words);
        if (line.size() != form.size()) {
            return Optional.empty();
        }
        List<String> arguments = new ArrayList<>();
        for (int n = 0; n < line.size(); n++) {
            String kind = form.get(n);
            if (Character.isUpperCase(kind.charAt(0))) {
                if (!fits(kind, line.get(n))) {
                    return Optional.empty();
                }
                arguments.add(line.get(n));
            } else if (!kind.equals(line.get(n))) {
                return Optional.empty();
            }
        }
        return Optional.of(arguments);
    }

    private List<String> withoutRest(List<String> words) {
        int last = form.size() - 1;
        if (!form.get(last).equals("TEXT") || words.size() <= form.size()) {
            return words;
        }
        List<String> line = new ArrayList<>(words.subList(0, last));
        line.add(String.join(" ", words.subList(last, words.size())));
        return line;
    }

    private static boolean fits(String kind, String word) {
        return switch (kind) {
            case "HOST" -> Names.isHost(word);
            case "APP" -> Names.isApplication(word);
            case "INSTANCE" -> Names.isInstance(word);
            case "MS" -> word.matches("\\d{1,5}ms");
            case "PERCENT" -> word.matches("\\d{1,2}%");
            case "MODE" -> word.matches("smart|fast|immediate");
            case "SIGNAL" -> word.matches("TERM|KILL|STOP|CONT|SEGV");
            case "WORKER" -> word.matches("watchdog|terminator");
            case "STATE" -> word.matches("ALIVE|SUSPECT|DOWN");
            case "NUMBER" -> word.matches("\\d{1,6}");
            case "OFFSET" -> word.matches("[-+]\\d{1,6}");
            case "TEXT" -> true;
            default -> throw new IllegalStateException("no kind of word: " + kind);
        };
    }

    @Override
    public String toString() {
        return String.join(" ", form);
    }
}
