package io.github.pgconmgr.libpqprograms;

import io.github.pgconmgr.programs.ProgramTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** docs/drivers.md: what each program does behind libpqcm. Stateless: see {@link ProgramTable}. */
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

    private static final ProgramTable TABLE =
            new ProgramTable("", "<!-- table: written by make check-slow -->\n", "<!-- end of table -->\n");

    private DriverTable() {}

    /** A test has seen that. */
    static void record(Client client, Column column, String cell) {
        TABLE.record(client, column, cell);
    }

    /** The argument is the page. It stays as it is, with a message, when a test did not get as far as its cell. */
    public static void main(String[] args) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("program", "Debian package"));
        for (Column column : Column.values()) {
            head.add(column.title);
        }
        rows.add(head);
        for (Client client : Client.values()) {
            List<String> row = new ArrayList<>(List.of(client.title(), ProgramTable.version(client.debianPackage())));
            for (Column column : Column.values()) {
                Optional<String> cell = TABLE.cell(client, column);
                if (cell.isEmpty()) {
                    missing.add(client + "." + column);
                }
                row.add(cell.orElse(""));
            }
            rows.add(row);
        }
        TABLE.write(Path.of(args[0]), rows, missing);
    }
}
