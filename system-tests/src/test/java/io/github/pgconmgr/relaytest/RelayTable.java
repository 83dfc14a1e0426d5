package io.github.pgconmgr.relaytest;

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
 * docs/drivers.md: what each stock driver does through the relay, as the tests saw it. The tests record a cell each; when all
 * are there, {@link #main} writes the table into the page. Stateless: the cells are files below build/drivers.
 */
public final class RelayTable {

    /** A column of the table. */
    enum Column {
        VERSION("version"),
        SESSION("session mode"),
        TRANSACTION("transaction mode"),
        LOST("instance falls silent"),
        AGAIN("connects again, to the new primary");

        private final String title;

        Column(String title) {
            this.title = title;
        }
    }

    private static final String BEGIN = "<!-- relay table: written by make check-slow -->\n";
    private static final String END = "<!-- end of relay table -->\n";
    /** A program of PostgreSQL's is not asked for everything. */
    private static final String NOT_TRIED = "";

    private RelayTable() {}

    private static Path file(StockClient client, Column column) {
        return BuildFolder.build("drivers").resolve("relay." + client.name() + "." + column.name());
    }

    /** A test has seen that. */
    static void record(StockClient client, Column column, String cell) {
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
            System.err.println("drivers.md: relay's table not written, no test has seen " + String.join(", ", missing));
            System.exit(1);
        }
        Path page = Path.of(args[0]);
        String before = Files.readString(page);
        int begin = before.indexOf(BEGIN) + BEGIN.length();
        String now = before.substring(0, begin) + table + before.substring(before.indexOf(END));
        if (!now.equals(before)) {
            Files.writeString(page, now);
        }
        System.out.println("drivers.md: " + StockClient.values().length + " stock programs and drivers");
    }

    private static String table(List<String> missing) throws IOException {
        StringBuilder text = new StringBuilder("| program |");
        StringBuilder line = new StringBuilder("|---|");
        for (Column column : Column.values()) {
            text.append(' ').append(column.title).append(" |");
            line.append("---|");
        }
        text.append('\n').append(line).append('\n');
        for (StockClient client : StockClient.values()) {
            text.append("| ").append(client.title()).append(" |");
            for (Column column : Column.values()) {
                text.append(' ').append(cell(client, column, missing)).append(" |");
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static String cell(StockClient client, Column column, List<String> missing) throws IOException {
        if (column == Column.VERSION && !client.debianPackage().isEmpty()) {
            return version(client.debianPackage());
        }
        Path file = file(client, column);
        if (Files.exists(file)) {
            return Files.readString(file);
        }
        if (StockClient.applications().contains(client)) {
            missing.add(client + "." + column);
        }
        return NOT_TRIED;
    }

    private static String version(String debianPackage) {
        List<String> query = List.of("dpkg-query", "-W", "-f", "${Package} ${Version}", debianPackage);
        return Machine.LOCAL.run(Account.OURSELVES, query).expectSuccess().out().replaceFirst(" \\d+:", " ");
    }
}
