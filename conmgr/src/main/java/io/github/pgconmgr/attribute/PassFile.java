package io.github.pgconmgr.attribute;

import io.github.pgconmgr.config.InvalidValueException;
import io.github.pgconmgr.config.OwnersFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A file in the form of .pgpass: {@code host:port:database:user:password}, a star for any, a backslash before a colon or a
 * backslash that is none of the form's. The first line that fits counts. Stateless; blocks on the disk.
 */
final class PassFile {

    private static final int MAX_BYTES = 1 << 20;
    private static final int FIELDS = 5;

    private PassFile() {}

    /**
     * The password for that target, empty if no line fits.
     *
     * @throws InvalidValueException if the file cannot be used
     */
    static String passwordFor(Path path, CheckTarget target) throws InvalidValueException {
        String text = new String(OwnersFile.read(path, "passfile", MAX_BYTES), StandardCharsets.UTF_8);
        List<String> wanted = List.of(
                target.instance().displayHost(),
                Integer.toString(target.instance().backendPort()),
                target.conninfo().database(),
                target.conninfo().user());
        return text.lines()
                .filter(line -> !line.startsWith("#"))
                .map(PassFile::split)
                .filter(fields -> fields.size() == FIELDS && fits(fields, wanted))
                .map(fields -> fields.get(FIELDS - 1))
                .findFirst()
                .orElse("");
    }

    private static boolean fits(List<String> fields, List<String> wanted) {
        for (int i = 0; i < wanted.size(); i++) {
            if (!fields.get(i).equals("*") && !fields.get(i).equals(wanted.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** The password is the rest of the line, but for its backslashes. */
    private static List<String> split(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == ':' && fields.size() < FIELDS - 1) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                boolean escapes = c == '\\' && i + 1 < line.length();
                field.append(escapes ? line.charAt(++i) : c);
            }
        }
        fields.add(field.toString());
        return fields;
    }
}
