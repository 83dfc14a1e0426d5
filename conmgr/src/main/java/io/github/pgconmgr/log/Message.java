package io.github.pgconmgr.log;

import java.util.Arrays;
import java.util.IllegalFormatException;
import java.util.Locale;

/**
 * The catalogue: every message of conmgr and cm_ctl, named once (style rule 17). Tests assert the name, people read the text.
 * Wording as PostgreSQL's: a lower-case primary message without a full stop; a hint is a sentence, empty if there is none.
 */
public enum Message {
    // The daemon's life.
    STARTED(Severity.LOG, "conmgr %s started: directory \"%s\", port %d, %d instances", ""),
    STOPPING(Severity.LOG, "received %s stop request", ""),
    STOPPED(Severity.LOG, "conmgr stopped", ""),
    SIGNAL_IGNORED(
            Severity.WARNING,
            "SIG%s is ignored, as it was when conmgr was started",
            "The command nohup and a shell's background jobs do that; cm_ctl stop and cm_ctl reload work all the same."),
    NOTIFY_FAILED(
            Severity.WARNING,
            "the service manager cannot be told at \"%s\": %s",
            "A unit of Type=notify that says nothing is taken for one that did not start; Type=exec asks for nothing."),
    RELOADING(Severity.LOG, "reloading the configuration file", ""),
    PARAMETER_CHANGED(Severity.LOG, "parameter changed: %s", ""),
    PARAMETER_NEEDS_RESTART(Severity.WARNING, "parameter \"%s\" cannot be changed without restarting conmgr", ""),
    RELOAD_REFUSED(Severity.ERROR, "configuration file \"%s\" contains errors, nothing was changed", ""),
    ROOT_REFUSED(
            Severity.FATAL,
            "conmgr cannot be run as root",
            "Start it as an ordinary user, best the one that owns its directory."),
    NO_DIRECTORY(Severity.FATAL, "no conmgr directory specified", "Give -D or set the environment variable CMDATA."),
    BAD_ARGUMENTS(Severity.FATAL, "invalid arguments: %s", "Try \"conmgr --help\"."),
    DIRECTORY_UNUSABLE(
            Severity.FATAL,
            "conmgr directory \"%s\" cannot be used: %s",
            "The user who starts conmgr needs read, write and execute permission on it, and nobody else should write to it."),
    ALREADY_RUNNING(
            Severity.FATAL,
            "another conmgr is running in directory \"%s\"%s",
            "One conmgr serves one directory and one instance set."),
    LOCK_FAILED(Severity.FATAL, "could not lock \"%s\": %s", "The directory's file system must support file locks."),
    PID_FILE_FAILED(Severity.FATAL, "could not write \"%s\": %s", ""),
    CONFIG_PROBLEM(Severity.ERROR, "%s", ""),
    CONFIG_WARNING(Severity.WARNING, "%s", ""),
    CONFIG_UNUSABLE(Severity.FATAL, "configuration file \"%s\" contains errors", ""),
    CONTROL_SOCKET_FAILED(Severity.FATAL, "could not create control socket \"%s\": %s", ""),
    LISTEN_FAILED(
            Severity.FATAL,
            "%s",
            "Is another conmgr already running on that port? If not, wait a few seconds and retry."),
    DESCRIPTORS_SCARCE(
            Severity.WARNING,
            "the limit of %d open files leaves room for %d applications",
            "Raise it (ulimit -n); docs/architecture.md tells what conmgr needs."),
    DESCRIPTORS_TOO_FEW(
            Severity.FATAL,
            "the limit of %d open files is too low, conmgr needs %d",
            "Raise it (ulimit -n); docs/architecture.md tells what conmgr needs."),
    UNEXPECTED_EXCEPTION(
            Severity.FATAL,
            "unexpected exception in thread %s: %s",
            "This is a bug; conmgr ends, so that it is never half-alive."),

    // What a conmgr directory remembers of its instances (ADR 8).
    TIMELINE_FILE_UNUSABLE(
            Severity.FATAL,
            "timeline file \"%s\" cannot be used: %s",
            "It keeps applications away from a primary that was replaced. Restore it; or, if no instance of this set runs as a"
                    + " primary but the right one, remove it and start conmgr again."),
    TIMELINE_KEPT(Severity.LOG, "recorded: %s", ""),
    TIMELINE_NOT_KEPT(
            Severity.ERROR,
            "could not write \"%s\": %s",
            "It goes on and tries again. If conmgr ends before that, the next one may take a primary that was replaced for the"
                    + " right one.",
            Repeats.LIMITED),
    TIMELINE_FORGOTTEN(Severity.LOG, "forgotten: %s", ""),

    // The log itself.
    LOG_LEAVES_STDERR(Severity.LOG, "messages go to syslog from now on", ""),
    LOG_LINES_LOST(Severity.LOG, "%d lines were lost here: they came faster than they could be written", ""),
    SYSLOG_UNAVAILABLE(
            Severity.WARNING,
            "syslog cannot be used, messages go to stderr: %s",
            "The native library needs Linux with glibc on x86_64 or aarch64, and a directory for temporary files without"
                    + " noexec (JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=DIR)."),
    SYSLOG_AWAY(
            Severity.WARNING,
            "syslog cannot be reached at \"%s\": %s",
            "Is the syslog daemon running? conmgr tries again every second; see syslog_socket."),
    SYSLOG_BACK(Severity.LOG, "syslog is reached again at \"%s\"", ""),

    // The control socket.
    CONTROL_STRANGER(Severity.WARNING, "refused a control connection of user %s", "", Repeats.LIMITED),
    CONTROL_FAILED(Severity.WARNING, "control connection failed: %s", "", Repeats.LIMITED),

    LIVENESS_CHANGED(Severity.LOG, "%s -> %s: %s", ""),

    // heartbeat, topology, frontend
    HEARTBEAT_ATTEMPT_FAILED(Severity.INFO, "heartbeat connection failed: %s", "", Repeats.LIMITED),
    HEARTBEAT_REFUSED(
            Severity.WARNING,
            "watchdog refused the heartbeat connection: %s",
            "Look at watchdog.max_heartbeat_connections, at the versions of both sides, and at watchdog.secret_file and"
                    + " watchdog_secret_file.",
            Repeats.LIMITED),
    WATCHDOG_DISTRUSTED(
            Severity.WARNING,
            "%s; the connection was closed",
            "Compare watchdog.secret_file and watchdog_secret_file; if they hold the same bytes, somebody else answers on"
                    + " watchdog_port.",
            Repeats.LIMITED),
    HEARTBEAT_SETTINGS_CHANGED(
            Severity.LOG, "heartbeat interval %d ms and timeout %d ms hold on both sides from now on", ""),
    HEARTBEAT_LOOP_STALLED(Severity.LOG, "heartbeat loop woke %d ms late", ""),
    HEARTBEAT_INTERNAL_ERROR(Severity.ERROR, "internal error: %s", ""),
    CHECK_FAILED(
            Severity.WARNING,
            "check by SQL failed: %s",
            "See check_conninfo; cm_ctl status shows what fails now.",
            Repeats.LIMITED),
    CHECK_HIDES_TIMELINE(
            Severity.LOG,
            "the role of the checks may not see on which timeline the standby receives; that of its last restartpoint counts",
            "GRANT pg_monitor (or pg_read_all_stats) to it."),
    CHECK_DISAGREES(
            Severity.WARNING,
            "%s",
            "If it stays so: does watchdog_port belong to the instance on backend_port?",
            Repeats.LIMITED),
    CHECK_AGREES(Severity.LOG, "watchdog and SQL agree again", "", Repeats.LIMITED),
    // Both follow from what a watchdog says, as often as it says so.
    INSTANCE_FENCED(Severity.WARNING, "instance gets no connections: %s", "", Repeats.LIMITED),
    INSTANCE_UNFENCED(Severity.LOG, "instance may get connections again", "", Repeats.LIMITED),
    LISTEN_ADDRESS_SKIPPED(Severity.WARNING, "not listening on %s: this host does not have that address", ""),
    CLIENT_REDIRECTED(Severity.DEBUG, "sent to instance %d (target_session_attrs \"%s\")", ""),
    CLIENT_REFUSED(Severity.INFO, "refused: %s", "", Repeats.LIMITED),
    CLIENT_OVER_LIMIT(Severity.LOG, "closed at once: %s", "", Repeats.LIMITED),
    ACCEPT_FAILED(
            Severity.WARNING,
            "could not accept a connection: %s",
            "If descriptors have run out, raise the limit (ulimit -n).",
            Repeats.LIMITED),
    CLIENT_CLOSED(Severity.INFO, "connection closed: %s", "", Repeats.LIMITED),
    SESSIONS_TOLD(Severity.LOG, "%d client sessions were told: %s", ""),

    // The relay (ADR 9). What a client does comes as often as it likes.
    RELAY_FILES_KEPT(
            Severity.ERROR,
            "%s; what was read before stays in use",
            "That holds for auth_file, ssl_cert_file, ssl_key_file and ssl_ca_file alike. Correct it and run cm_ctl reload."),
    AUTH_FILE_UNUSABLE(Severity.FATAL, "file of users \"%s\" cannot be used: %s", ""),
    CERTIFICATE_UNUSABLE(
            Severity.FATAL,
            "certificate \"%s\" or its key cannot be used: %s",
            "Both are PEM files, the key in PKCS#8 form without a password."),
    RELAYED_CLIENT_CLOSED(Severity.INFO, "relayed connection closed: %s", "", Repeats.LIMITED),
    RELAYED_CLIENT_REFUSED(Severity.INFO, "relayed connection ended: %s", "", Repeats.LIMITED),
    RELAYED_LOGIN_FAILED(Severity.WARNING, "login of user \"%s\" failed: %s", "", Repeats.LIMITED),
    CANCEL_KEY_WRONG(Severity.INFO, "a cancel request with a key that is nobody's was ignored", "", Repeats.LIMITED),
    RELAYED_SESSIONS_LOST(Severity.LOG, "%d relayed server connections were ended: %s", ""),
    SESSION_STATE_USED(
            Severity.WARNING,
            "%s in pool_mode = transaction: it does not last beyond the transaction",
            "See docs/relay.md for what to use instead; pool_mode = session keeps it.",
            Repeats.LIMITED),
    LISTEN_BACKLOG_CUT(
            Severity.WARNING,
            "a listen backlog of %d is cut by the kernel to %d",
            "Raise net.core.somaxconn, or lower num_init_children or listen_backlog_multiplier."),
    RELAY_INTERNAL_ERROR(
            Severity.ERROR, "internal error, the connection was closed: %s", "This is a bug; nobody else is affected.");

    /** What becomes of a message that comes again and again (style rule 18). */
    enum Repeats {
        /** Each one is written. */
        WRITTEN,
        /** The first is written, then a summary at times. */
        LIMITED
    }

    private final Severity severity;
    private final String text;
    private final String hint;
    private final Repeats repeats;

    Message(Severity severity, String text, String hint) {
        this(severity, text, hint, Repeats.WRITTEN);
    }

    Message(Severity severity, String text, String hint, Repeats repeats) {
        this.severity = severity;
        this.text = text;
        this.hint = hint;
        this.repeats = repeats;
    }

    /** How grave it is. */
    public Severity severity() {
        return severity;
    }

    /** The text with the arguments filled in; arguments that do not fit stand behind it, since a log must not fail. */
    public String format(Object... arguments) {
        try {
            return String.format(Locale.ROOT, text, arguments);
        } catch (IllegalFormatException e) {
            return text + " " + Arrays.toString(arguments);
        }
    }

    /** What to do about it; empty if there is nothing to say. */
    public String hint() {
        return hint;
    }

    boolean limited() {
        return repeats == Repeats.LIMITED;
    }
}
