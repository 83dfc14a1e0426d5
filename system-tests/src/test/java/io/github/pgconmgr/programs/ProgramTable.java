package io.github.pgconmgr.programs;

import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.Machine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A table in docs/drivers.md of what programs do, as the tests saw it: they record a cell each, in files below build/drivers, from which
 * the table is written when all is there. Immutable.
 *
 * @param prefix of the cells' file names
 * @param begin the line of the page behind which the table stands
 * @param end the line before which it ends
 */
public record ProgramTable(String prefix, String begin, String end) {

    private Path file(Enum<?> program, Enum<?> column) {
        return BuildFolder.build("drivers").resolve(prefix + program.name() + "." + column.name());
    }

    /** A test has seen that. */
    public void record(Enum<?> program, Enum<?> column, String cell) {
        try {
            Files.createDirectories(BuildFolder.build("drivers"));
            Files.writeString(file(program, column), cell);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot record " + program + " " + column, e);
        }
    }

    /** What a test has seen; empty if none got as far. */
    public Optional<String> cell(Enum<?> program, Enum<?> column) throws IOException {
        Path file = file(program, column);
        return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    }

    /** Name and version of an installed Debian package. */
    public static String version(String debianPackage) {
        List<String> query = List.of("dpkg-query", "-W", "-f", "${Package} ${Version}", debianPackage);
        return Machine.LOCAL.run(Account.OURSELVES, query).expectSuccess().out().replaceFirst(" \\d+:", " ");
    }

    /**
     * Writes the table into the page, or ends the process with a message and leaves the page as it is.
     *
     * @param rows the head first
     * @param missing cells that no test has seen and that must be there
     */
    public void write(Path page, List<List<String>> rows, List<String> missing) throws IOException {
        String what = page.getFileName() + ": " + begin.strip();
        if (!missing.isEmpty()) {
            System.err.println(what + ": not written, no test has seen " + String.join(", ", missing));
            System.exit(1);
        }
        String before = Files.readString(page);
        int from = before.indexOf(begin) + begin.length();
        String now = before.substring(0, from) + text(rows) + before.substring(before.indexOf(end));
        if (!now.equals(before)) {
            Files.writeString(page, now);
        }
        System.out.println(what + ": " + (rows.size() - 1) + " programs");
    }

    private static String text(List<List<String>> rows) {
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            text.append("| ").append(String.join(" | ", row)).append(" |\n");
            if (row == rows.get(0)) {
                text.append("|---".repeat(row.size())).append("|\n");
            }
        }
        return text.toString();
    }
}
