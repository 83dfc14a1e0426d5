package io.github.pgconmgr.log;

/**
 * The catalogue: every message of conmgr and cm_ctl, named once (style rule 17). Tests assert the name, people read the text.
 * Wording as PostgreSQL's: a lower-case primary message without a full stop; a hint is a sentence, empty if there is none.
 */
public enum Message {
    LIVENESS_CHANGED(Severity.LOG, "%s -> %s: %s", "");

    private final Severity severity;
    private final String text;
    private final String hint;

    Message(Severity severity, String text, String hint) {
        this.severity = severity;
        this.text = text;
        this.hint = hint;
    }

    /** How grave it is. */
    public Severity severity() {
        return severity;
    }

    /** The text with the arguments filled in. */
    public String format(Object... arguments) {
        return String.format(java.util.Locale.ROOT, text, arguments);
    }

    /** What to do about it; empty if there is nothing to say. */
    public String hint() {
        return hint;
    }
}
