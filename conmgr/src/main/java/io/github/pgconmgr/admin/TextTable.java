package io.github.pgconmgr.admin;

import java.util.ArrayList;
import java.util.List;

/** Rows with aligned columns, numbers to the right; an empty cell shows as "-". Confined to its builder. */
final class TextTable {

    /** One name should not push the rest of a row off the screen. */
    private static final int MAX_CELL = 60;

    private final List<List<String>> rows = new ArrayList<>();

    TextTable(String... headings) {
        row(headings);
    }

    void row(String... cells) {
        rows.add(List.of(cells).stream().map(TextTable::printable).toList());
    }

    void renderTo(StringBuilder out) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int column = 0; column < columns; column++) {
                widths[column] = Math.max(widths[column], width(row.get(column)));
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder("  ");
            for (int column = 0; column < columns; column++) {
                String padding = " ".repeat(widths[column] - width(row.get(column)));
                line.append(isNumeric(column) ? padding + row.get(column) : row.get(column) + padding);
                line.append("  ");
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
    }

    private boolean isNumeric(int column) {
        return rows.size() > 1
                && rows.stream().skip(1).map(row -> row.get(column)).allMatch(cell -> cell.matches("-|[0-9.]+"));
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }

    /** Applications name themselves: no control characters to a terminal. */
    private static String printable(String cell) {
        if (cell.isEmpty()) {
            return "-";
        }
        String clean = cell.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Co}\\p{Cn}\\p{Cs}]", "?");
        if (width(clean) <= MAX_CELL) {
            return clean;
        }
        return clean.substring(0, clean.offsetByCodePoints(0, MAX_CELL - 3)) + "...";
    }
}
