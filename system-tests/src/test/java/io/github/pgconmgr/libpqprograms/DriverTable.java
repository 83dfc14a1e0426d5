package io.github.pgconmgr.libpqprograms;

import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.Machine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * docs/drivers.md: what each program does behind libpqcm, as the tests saw it. The tests record a cell each; when all are
 * there, {@link #main} writes the table into the page. Stateless: the cells are files below build/drivers.
 */
public final class DriverTable {

    /** A column of the table. */
    enum Column {
        ATTRIBUTES("`target_session_attrs`"),
        NAME("tells the instance's name"),
        TLS("TLS"),
        LOST("instance falls silent"),
        CONMGR_KILLED("conmgr is killed"),
        REFUSED("conmgr is down at connect");

        private final String title;

        Column(String title) {
            this.title = title;
        }
    }

    private static final String BEGIN = "<!-- table: written by make check-slow -->\n";
    private static final String END = "<!-- end of table -->\n";

    private DriverTable() {}

    private static Path file(Client client, Column column) {
        return BuildFolder.build("drivers").resolve(client.name() + "." + column.name());
    }

    /** A test has seen that. */
    static void record(Client client, Column column, String cell) {
        try {
            Files.createDirectories(BuildFolder.build("drivers"));
            Files.writeString(file(client, column), cell);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot record " + client + " " + column, e);
        }
    }

    /** The argument is the page. It stays as it is, with a message, when a test did not get as far as its cell. */
    public static void main(String[] args) throws IOException {
        List<String> missing = new ArrayList<>();
        String table = table(missing);
        if (!missing.isEmpty()) {
            System.err.println("drivers.md: not written, no test has seen " + String.join(", ", missing));
            System.exit(1);
        }
        Path page = Path.of(args[0]);
        String before = Files.readString(page);
        int begin = before.indexOf(BEGIN) + BEGIN.length();
        String now = before.substring(0, begin) + table + before.substring(before.indexOf(END));
        if (!now.equals(before)) {
            Files.writeString(page, now);
        }
        System.out.println("drivers.md: " + Client.values().length + " programs");
    }

    private static String table(List<String> missing) throws IOException {
        StringBuilder head = new StringBuilder("| program | Debian package |");
        StringBuilder line = new StringBuilder("|---|---|");
        for (Column column : Column.values()) {
            head.append(' ').append(column.title).append(" |");
            line.append("---|");
        }
        StringBuilder text = head.append('\n').append(line).append('\n');
        for (Client client : Client.values()) {
            text.append("| ")
                    .append(client.title())
                    .append(" | ")
                    .append(version(client))
                    .append(" |");
            for (Column column : Column.values()) {
                text.append(' ').append(cell(client, column, missing)).append(" |");
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static String cell(Client client, Column column, List<String> missing) throws IOException {
        Path file = file(client, column);
        if (!Files.exists(file)) {
            missing.add(client + "." + column);
            return "";
        }
        return Files.readString(file);
    }

    private static String version(Client client) {
        List<String> query = List.of("dpkg-query", "-W", "-f", "${Package} ${Version}", client.debianPackage());
        return Machine.LOCAL.run(Account.OURSELVES, query).expectSuccess().out().replaceFirst(" \\d+:", " ");
    }
}
