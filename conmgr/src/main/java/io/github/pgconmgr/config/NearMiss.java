package io.github.pgconmgr.config;

import java.util.Locale;

/** Finds the name that someone probably meant. Stateless. */
final class NearMiss {

    /** A slip or two; more is another word. */
    private static final int MAX_EDITS = 2;

    private NearMiss() {}

    /** " (did you mean ...?)" for a name that is not in the table; empty if nothing comes near. */
    static String hint(String baseName, String number) {
        String best = "";
        int bestEdits = MAX_EDITS + 1;
        for (Parameter<?> parameter : Parameters.ALL) {
            int edits = edits(baseName.toLowerCase(Locale.ROOT), parameter.name());
            if (edits < bestEdits) {
                bestEdits = edits;
                best = parameter.indexed() ? parameter.name() + (number.isEmpty() ? "0" : number) : parameter.name();
            }
        }
        return best.isEmpty() ? "" : " (did you mean \"" + best + "\"?)";
    }

    /** Levenshtein's distance; names are short, and one that is much longer than any of ours is not measured. */
    private static int edits(String a, String b) {
        if (Math.abs(a.length() - b.length()) > MAX_EDITS) {
            return MAX_EDITS + 1;
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
