package io.github.pgconmgr.config;

import java.util.ArrayList;
import java.util.List;

/** Prints conmgr.conf.sample from the parameter table; a test compares it with the committed file. Stateless. */
final class SampleFile {

    private static final int WIDTH = 78;

    private static final String HEAD = """
            # conmgr.conf: configuration of a conmgr process, one per instance set
            #
            # One "name = value" a line; "#" starts a comment. A value with blanks stands in
            # single quotes, a quote within it is doubled. A time is a number of seconds or
            # has a unit: ms, s, min, h, d. A commented-out line shows the default.
            # "cm_ctl check" tells what is wrong with this file, "cm_ctl reload" makes conmgr
            # read it again; what needs a restart of conmgr says so.
            #
            # The digits behind backend_host and its like are the instance number: from 0,
            # in any order, with gaps. To leave an instance out, delete its lines. Each one
            # needs backend_host or backend_hostaddr.
            """;

    private SampleFile() {}

    static String render() {
        StringBuilder out = new StringBuilder(HEAD);
        for (Parameter<?> parameter : Parameters.ALL) {
            out.append('\n');
            wrap(parameter.text() + " (" + note(parameter) + ")")
                    .forEach(line -> out.append("# ").append(line).append('\n'));
            String name = parameter.indexed() ? parameter.name() + "0" : parameter.name();
            out.append('#')
                    .append(name)
                    .append(" = ")
                    .append(example(parameter))
                    .append('\n');
        }
        return out.toString();
    }

    private static String note(Parameter<?> parameter) {
        String type = parameter.type().typeName() + "; " + parameter.type().bounds();
        return parameter.reloadable() ? type : type + "; needs a restart";
    }

    private static String example(Parameter<?> parameter) {
        String text = parameter.defaultText();
        return text.isEmpty() || text.contains(" ") ? "'" + text + "'" : text;
    }

    private static List<String> wrap(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
