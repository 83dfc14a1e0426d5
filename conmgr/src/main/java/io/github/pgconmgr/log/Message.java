package io.github.pgconmgr.log;

/**
 * The catalogue: every message of conmgr and cm_ctl, named once (style rule 17). Tests assert the name, people read the text.
 * Wording as PostgreSQL's: a lower-case primary message without a full stop; a hint is a sentence, empty if there is none.
 */
public enum Message {
    LIVENESS_CHANGED(Severity.LOG, "%s -> %s: %s", ""),

    // heartbeat, topology, frontend
    ALWAYS_ABNORMAL(
            Severity.WARNING,
            "heartbeat_timeout (%d ms) is not longer than heartbeat_interval (%d ms), every instance is judged abnormal",
            "Set heartbeat_timeout to at least twice heartbeat_interval."),
    HEARTBEAT_ATTEMPT_FAILED(Severity.INFO, "heartbeat connection failed: %s", ""),
    HEARTBEAT_REFUSED(
            Severity.WARNING,
            "watchdog refused the heartbeat connection: %s",
            "Look at watchdog.max_heartbeat_connections and at the versions of both sides."),
    HEARTBEAT_LOOP_STALLED(Severity.LOG, "heartbeat loop woke %d ms late", ""),
    HEARTBEAT_INTERNAL_ERROR(Severity.ERROR, "internal error: %s", ""),
    INSTANCE_FENCED(Severity.WARNING, "instance gets no connections: %s", ""),
    INSTANCE_UNFENCED(Severity.LOG, "instance may get connections again", ""),
    LISTEN_ADDRESS_SKIPPED(Severity.WARNING, "not listening on %s: this host does not have that address", ""),
    CLIENT_REDIRECTED(Severity.DEBUG, "sent to instance %d (target_session_attrs \"%s\")", ""),
    CLIENT_REFUSED(Severity.INFO, "refused: %s", ""),
    CLIENT_NOT_RELAYED(
            Severity.INFO,
            "a driver without redirect support connected, its connection was refused",
            "Use conmgr-jdbc or libpqcm."),
    CLIENT_CLOSED(Severity.INFO, "connection closed: %s", ""),
    SESSIONS_TOLD(Severity.LOG, "%d client sessions were told: %s", "");

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
