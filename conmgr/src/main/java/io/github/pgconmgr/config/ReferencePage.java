package io.github.pgconmgr.config;

/** Prints docs/reference/conmgr.conf.md from the parameter table; a test compares it with the committed file. Stateless. */
final class ReferencePage {

    private static final String HEAD = """
            # conmgr.conf

            Printed from the parameter table by ParametersTest; do not edit.

            The configuration of a conmgr process, in its directory; one process, directory and file per instance set. `cm_ctl check`
            tells what is wrong with a file, `cm_ctl show` what each parameter is and which line says so.

            ## Syntax
            - One `name = value` a line, blanks around `=` or not. `#` starts a comment, behind a value too.
            - *integer*: decimal digits. A time is a number of seconds, or has a unit as in postgresql.conf: `ms`, `s`, `min`, `h`, `d`
              (`250ms`).
            - *string*: as it is, or in single quotes, where blanks and `#` are characters and a doubled quote is a quote.
            - *enum*: one of the words listed, in upper or lower case. *list*: such values with commas between them.
            - Each parameter stands once in a file. The file is UTF-8, at most 1 MiB; lines end with LF or CRLF.
            - All errors of a file are reported together, as `file:line: parameter: reason`.
            - The digits behind `backend_host` and its like are the instance number: 0 to 65535, in any order, with gaps. The lines with one
              number make one instance; each needs `backend_host` or `backend_hostaddr`. To leave an instance out, delete its lines.

            ## Parameters
            | name | type | default | takes effect |
            |---|---|---|---|
            """;

    private ReferencePage() {}

    static String render() {
        StringBuilder out = new StringBuilder(HEAD);
        for (Parameter<?> parameter : Parameters.ALL) {
            String anchor = parameter.name() + (parameter.indexed() ? "n" : "");
            String name = "[`" + title(parameter) + "`](#" + anchor + ")";
            String type = parameter.type().typeName();
            row(out, name, type, defaultOf(parameter), effect(parameter));
        }
        Parameters.ALL.forEach(parameter -> entry(out, parameter));
        return out.toString();
    }

    private static void row(StringBuilder out, String... cells) {
        out.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static void entry(StringBuilder out, Parameter<?> parameter) {
        String unit = parameter.type().unit();
        String type = parameter.type().typeName() + (unit.isEmpty() ? "" : ", unit " + unit);
        out.append("\n### ").append(title(parameter)).append('\n');
        out.append(parameter.text().replace("*", "\\*")).append("\n\n");
        out.append("- ").append(type).append(": ");
        out.append(parameter.type().bounds().replace("*", "\\*")).append('\n');
        out.append("- default: ").append(defaultOf(parameter)).append('\n');
        out.append("- takes effect: ").append(effect(parameter)).append('\n');
    }

    private static String title(Parameter<?> parameter) {
        return parameter.indexed() ? parameter.name() + "N" : parameter.name();
    }

    private static String defaultOf(Parameter<?> parameter) {
        return parameter.defaultText().isEmpty() ? "none" : "`" + parameter.defaultText() + "`";
    }

    private static String effect(Parameter<?> parameter) {
        return parameter.reloadable() ? "reload" : "restart";
    }
}
