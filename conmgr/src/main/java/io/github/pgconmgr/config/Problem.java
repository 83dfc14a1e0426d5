package io.github.pgconmgr.config;

/**
 * Something wrong, or doubtful, in a configuration file. Immutable.
 *
 * @param file as the user knows it
 * @param line from 1; 0 if it is about the file as a whole
 * @param parameter as written in the file; empty if it is about none
 */
public record Problem(String file, int line, String parameter, String reason) {

    /** {@code file:line: parameter: reason}, without the parts that there are not. */
    @Override
    public String toString() {
        String place = line == 0 ? file : file + ":" + line;
        return parameter.isEmpty() ? place + ": " + reason : place + ": " + parameter + ": " + reason;
    }
}
