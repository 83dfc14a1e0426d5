package io.github.pgconmgr.bench;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a run of pgbench came to. Immutable.
 *
 * @param micros a transaction took, over all clients: the inverse of pgbench's tps
 * @param cpuMicros CPU time of pgbench for a transaction
 */
record PgbenchRun(double micros, double cpuMicros) {

    private static final Pattern RATE = Pattern.compile("^tps = ([0-9.]+) ", Pattern.MULTILINE);
    private static final Pattern COUNT =
            Pattern.compile("^number of transactions actually processed: ([0-9]+)", Pattern.MULTILINE);
    private static final Pattern CPU = Pattern.compile("^([0-9.]+) ([0-9.]+)$", Pattern.MULTILINE);
    private static final Pattern INSTRUCTIONS = Pattern.compile("^==[0-9]+== Collected : ([0-9]+)$", Pattern.MULTILINE);

    private static final Pattern ALLOCATED =
            Pattern.compile("^==[0-9]+== +in use at exit: ([0-9,]+) bytes", Pattern.MULTILINE);

    /** Reads pgbench's report and, from stderr, a line with user and system time in seconds. */
    static PgbenchRun read(String out, String err) {
        Matcher cpu = found(CPU, err);
        double cpuSeconds = Double.parseDouble(cpu.group(1)) + Double.parseDouble(cpu.group(2));
        return new PgbenchRun(1e6 / number(RATE, out), 1e6 * cpuSeconds / number(COUNT, out));
    }

    /** The instructions that callgrind counted, from stderr. */
    static double instructions(String err) {
        return number(INSTRUCTIONS, err);
    }

    /** The bytes that memcheck counted when the program was ended, from stderr. */
    static double allocated(String err) {
        return number(ALLOCATED, err);
    }

    private static double number(Pattern pattern, String text) {
        return Double.parseDouble(found(pattern, text).group(1).replace(",", ""));
    }

    private static Matcher found(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IllegalArgumentException("no " + pattern + " in " + text);
        }
        return matcher;
    }
}
