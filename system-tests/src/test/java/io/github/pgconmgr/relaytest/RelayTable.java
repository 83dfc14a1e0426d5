package io.github.pgconmgr.relaytest;

import io.github.pgconmgr.programs.ProgramTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** docs/drivers.md: what each stock driver does through the relay. Stateless: see {@link ProgramTable}. */
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

    private static final ProgramTable TABLE = new ProgramTable(
            "relay.", "<!-- relay table: written by make check-slow -->\n", "<!-- end of relay table -->\n");

    private RelayTable() {}

    /** A test has seen that. */
    static void record(StockClient client, Column column, String cell) {
        TABLE.record(client, column, cell);
    }

    /** The argument is the page. It stays as it is, with a message, when a test did not get as far as its cell. */
    public static void main(String[] args) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("program"));
        for (Column column : Column.values()) {
            head.add(column.title);
        }
        rows.add(head);
        for (StockClient client : StockClient.values()) {
            List<String> row = new ArrayList<>(List.of(client.title()));
            for (Column column : Column.values()) {
                row.add(cell(client, column, missing));
            }
            rows.add(row);
        }
        TABLE.write(Path.of(args[0]), rows, missing);
    }

    private static String cell(StockClient client, Column column, List<String> missing) throws IOException {
        if (column == Column.VERSION && !client.debianPackage().isEmpty()) {
            return ProgramTable.version(client.debianPackage());
        }
        Optional<String> cell = TABLE.cell(client, column);
        // A program of PostgreSQL's is not asked for everything.
        if (cell.isEmpty() && StockClient.applications().contains(client)) {
            missing.add(client + "." + column);
        }
        return cell.orElse("");
    }
}
