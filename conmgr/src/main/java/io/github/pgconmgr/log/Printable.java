package io.github.pgconmgr.log;

/**
 * Text that cannot do harm where it is shown: names come from peers, and one that holds a line end must not be able to write a
 * line of its own. Stateless.
 */
final class Printable {

    /** Most characters of a line's text; no message of ours is longer, only what a peer or a file puts into it. */
    static final int MAX_LENGTH = 4096;

    private static final String CUT = "...";

    private Printable() {}

    /** The text with "?" for each character that is none to be seen. */
    static String of(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> out.appendCodePoint(isPrintable(c) ? c : '?'));
        return out.toString();
    }

    static String shortened(String text) {
        if (text.length() <= MAX_LENGTH) {
            return text;
        }
        int end = MAX_LENGTH - CUT.length();
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + CUT;
    }

    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
