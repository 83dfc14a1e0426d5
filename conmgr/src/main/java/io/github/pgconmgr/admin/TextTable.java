package io.github.pgconmgr.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Rows with aligned columns, numbers to the right; an empty cell shows as "-". Confined to its builder. */
public final class TextTable {

    /** One name should not push the rest of a row off the screen. */
    private static final int MAX_CELL = 60;

    /** Behind the last column nothing can be pushed away, and there stands the reason that one looks for. */
    private static final int MAX_LAST_CELL = 300;

    private static final Pattern NUMBER = Pattern.compile("-|[0-9.]+");
    private static final Pattern UNPRINTABLE =
            Pattern.compile("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Co}\\p{Cn}\\p{Cs}]");

    private final List<List<String>> rows = new ArrayList<>();

    /** Starts with the row of headings. */
    public TextTable(String... headings) {
        row(headings);
    }

    /** As many cells as there are headings. */
    public void row(String... cells) {
        List<String> row = new ArrayList<>();
        for (int column = 0; column < cells.length; column++) {
            boolean last = column == cells.length - 1;
            row.add(printable(cells[column], last ? MAX_LAST_CELL : MAX_CELL));
        }
        rows.add(row);
    }

    /** Appends all rows, a line each. */
    public void renderTo(StringBuilder out) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        boolean[] numeric = new boolean[columns];
        for (int column = 0; column < columns; column++) {
            int index = column;
            widths[column] =
                    rows.stream().mapToInt(row -> width(row.get(index))).max().orElse(0);
            numeric[column] = isNumeric(index);
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder("  ");
            for (int column = 0; column < columns; column++) {
                String padding = " ".repeat(widths[column] - width(row.get(column)));
                line.append(numeric[column] ? padding + row.get(column) : row.get(column) + padding);
                line.append("  ");
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
    }

    private boolean isNumeric(int column) {
        return rows.size() > 1
                && rows.stream()
                        .skip(1)
                        .allMatch(row -> NUMBER.matcher(row.get(column)).matches());
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }

    /** Applications name themselves: no control characters to a terminal. */
    private static String printable(String cell, int maxWidth) {
        if (cell.isEmpty()) {
            return "-";
        }
        String clean = UNPRINTABLE.matcher(cell).replaceAll("?");
        if (width(clean) <= maxWidth) {
            return clean;
        }
        return clean.substring(0, clean.offsetByCodePoints(0, maxWidth - 3)) + "...";
    }
}
