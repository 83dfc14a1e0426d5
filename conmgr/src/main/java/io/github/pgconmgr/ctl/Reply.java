package io.github.pgconmgr.ctl;

/**
 * A conmgr's answer. Immutable.
 *
 * @param ok whether its first line is OK
 * @param reason what stands behind ERR; empty if it is OK
 * @param body all behind the first line
 */
record Reply(boolean ok, String reason, String body) {

    private static final String ERROR = "ERR ";
    private static final String CLOSED = "conmgr closed the connection";

    /** The connection ended without an answer. */
    boolean isMissing() {
        return reason.equals(CLOSED);
    }

    static Reply parse(String text) {
        int end = text.indexOf('\n');
        String first = end < 0 ? text : text.substring(0, end);
        String body = end < 0 ? "" : text.substring(end + 1);
        if (end >= 0 && first.equals("OK")) {
            return new Reply(true, "", body);
        }
        if (first.startsWith(ERROR)) {
            return new Reply(false, first.substring(ERROR.length()), body);
        }
        return new Reply(false, first.isEmpty() ? CLOSED : "unexpected answer", "");
    }
}
