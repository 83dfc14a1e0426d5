package io.github.pgconmgr.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text of a file to {@link Settings}, by the parameter table; goes on behind an error, so that one run shows all of them.
 *
 * <p>Confined to the loading of one file.
 */
final class FileParser {

    /** The instance number is a u16 in the redirect protocol. */
    static final int MAX_INSTANCE_NUMBER = 65535;

    private static final Pattern NUMBERED = Pattern.compile("(.*?)([0-9]*)");

    private final String file;
    private final Settings settings = new Settings();
    private final List<Problem> problems = new ArrayList<>();

    FileParser(String file) {
        this.file = file;
    }

    /** Reads the whole text; what could not be read is in {@link #problems}. */
    Settings parse(String text) {
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            parseLine(lines[i].endsWith("\r") ? lines[i].substring(0, lines[i].length() - 1) : lines[i], i + 1);
        }
        return settings;
    }

    List<Problem> problems() {
        return problems;
    }

    private void parseLine(String line, int number) {
        Optional<Assignment> assignment;
        try {
            assignment = LineParser.parse(line);
        } catch (InvalidValueException e) {
            problems.add(new Problem(file, number, "", e.reason()));
            return;
        }
        assignment.ifPresent(a -> onAssignment(a, number));
    }

    private void onAssignment(Assignment assignment, int line) {
        try {
            Matcher name = NUMBERED.matcher(assignment.name());
            if (!name.matches()) {
                throw new IllegalStateException("the pattern matches every name");
            }
            Parameter<?> parameter = parameterOf(name.group(1), name.group(2));
            int number = parameter.indexed() ? instanceNumber(name.group(2)) : Settings.NO_NUMBER;
            int earlier = settings.lineOf(parameter, number);
            if (earlier != 0) {
                throw new InvalidValueException("set twice, first in line " + earlier);
            }
            settings.name(parameter, number, line);
            settings.put(parameter, number, parameter.type().parse(assignment.value()));
        } catch (InvalidValueException e) {
            problems.add(new Problem(file, line, assignment.name(), e.reason()));
        }
    }

    private static Parameter<?> parameterOf(String baseName, String number) throws InvalidValueException {
        for (Parameter<?> parameter : Parameters.ALL) {
            if (parameter.name().equals(baseName)) {
                if (parameter.indexed() && number.isEmpty()) {
                    throw new InvalidValueException("the instance number is missing, as in \"" + baseName + "0\"");
                }
                if (parameter.indexed() || number.isEmpty()) {
                    return parameter;
                }
            }
        }
        throw new InvalidValueException("unknown parameter" + NearMiss.hint(baseName, number));
    }

    /** 01 and 1 would be one instance under two names, so there is one way to write a number. */
    private static int instanceNumber(String digits) throws InvalidValueException {
        if (digits.length() > 1 && digits.startsWith("0")) {
            throw new InvalidValueException("an instance number has no leading zeros");
        }
        long number = IntegerType.parseDecimal(digits);
        if (number > MAX_INSTANCE_NUMBER) {
            throw new InvalidValueException("an instance number is at most " + MAX_INSTANCE_NUMBER);
        }
        return (int) number;
    }
}
