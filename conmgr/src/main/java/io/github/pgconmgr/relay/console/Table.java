package io.github.pgconmgr.relay.console;

import io.github.pgconmgr.relay.protocol.BackendMessages.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A result: columns, then rows. Confined to its builder, not changed behind it. */
final class Table {

    /** The types that PgBouncer's results have. */
    enum Type {
        TEXT(25, -1),
        INT4(23, 4),
        NUMERIC(1700, -1);

        private final int oid;
        private final int size;

        Type(int oid, int size) {
            this.oid = oid;
            this.size = size;
        }
    }

    private final List<Column> columns = new ArrayList<>();
    private final List<Type> types = new ArrayList<>();
    private final List<List<@Nullable Object>> rows = new ArrayList<>();

    Table text(String... names) {
        return add(Type.TEXT, names);
    }

    Table int4(String... names) {
        return add(Type.INT4, names);
    }

    Table numeric(String... names) {
        return add(Type.NUMERIC, names);
    }

    private Table add(Type type, String... names) {
        for (String name : names) {
            columns.add(new Column(name, type.oid, type.size));
            types.add(type);
        }
        return this;
    }

    /** One cell for each column: a text, an Integer, a Long, or null. */
    Table row(@Nullable Object... cells) {
        return row(Arrays.asList(cells));
    }

    Table row(List<? extends @Nullable Object> cells) {
        if (cells.size() != columns.size()) {
            throw new IllegalArgumentException(cells.size() + " cells for " + columns.size() + " columns");
        }
        rows.add(Collections.unmodifiableList(new ArrayList<>(cells)));
        return this;
    }

    List<Column> columns() {
        return columns;
    }

    int size() {
        return rows.size();
    }

    List<@Nullable Object> cells(int row) {
        return rows.get(row);
    }

    /**
     * A row as it goes out.
     *
     * @param formats one for each column
     */
    List<byte @Nullable []> encode(int row, int[] formats) {
        List<byte @Nullable []> encoded = new ArrayList<>(columns.size());
        List<@Nullable Object> cells = rows.get(row);
        for (int i = 0; i < columns.size(); i++) {
            Object cell = cells.get(i);
            encoded.add(cell == null ? null : Cells.encode(cell, types.get(i), formats[i]));
        }
        return encoded;
    }
}
