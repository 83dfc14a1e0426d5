package io.github.pgconmgr.log;

import io.github.pgconmgr.log.SyslogPhase.Event;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Takes lines from the backlog to the syslog daemon, one datagram at a time; knows no socket. A daemon that is away loses nothing
 * that fits into the backlog, and a datagram that failed is sent again by the next connection. A connection counts for good only
 * once it took a datagram: connecting may succeed where nobody reads.
 *
 * <p>Confined to the loop of its {@link SyslogSink}.
 */
final class SyslogLink {

    /** What the link wants done; each is answered by an event, later or at once. */
    interface Commands {
        /** onConnected or onFailed follows. */
        void connect();

        /** onSent or onFailed follows. */
        void send(byte[] datagram);

        /** Drops the socket; nothing that was asked of it is answered any more. */
        void disconnect();

        /** onAttempt follows after a pause. */
        void retryLater();
    }

    private final Backlog backlog;
    private final SyslogFormatter formatter;
    private final Commands commands;
    private final Log trouble;
    private final String socket;
    private final Deque<byte[]> pieces = new ArrayDeque<>();
    private SyslogPhase phase = SyslogPhase.AWAY;
    private boolean proven;
    private boolean reported;

    SyslogLink(Backlog backlog, SyslogFormatter formatter, Commands commands, Log trouble) {
        this.backlog = backlog;
        this.formatter = formatter;
        this.commands = commands;
        this.trouble = trouble;
        this.socket = formatter.settings().socket();
    }

    SyslogPhase phase() {
        return phase;
    }

    /** The first attempt, or the pause behind a failed one is over. */
    void onAttempt() {
        if (phase == SyslogPhase.AWAY) {
            move(Event.ATTEMPT);
            commands.connect();
        }
    }

    void onConnected() {
        if (phase == SyslogPhase.CONNECTING) {
            move(Event.CONNECTED);
            onLine();
        }
    }

    /** A line may be waiting. */
    void onLine() {
        if (phase != SyslogPhase.IDLE) {
            return;
        }
        if (pieces.isEmpty()) {
            LogLine line = backlog.first();
            if (line == null) {
                return;
            }
            pieces.addAll(formatter.datagrams(line));
        }
        move(Event.LINE);
        commands.send(pieces.element());
    }

    void onSent() {
        if (phase != SyslogPhase.SENDING) {
            return;
        }
        move(Event.SENT);
        proven = true;
        if (reported) {
            reported = false;
            trouble.write(Message.SYSLOG_BACK, "log", socket);
        }
        pieces.remove();
        if (pieces.isEmpty()) {
            backlog.done();
        }
        onLine();
    }

    void onFailed(String reason) {
        if (phase == SyslogPhase.AWAY || phase == SyslogPhase.CLOSED) {
            return;
        }
        move(Event.FAILED);
        commands.disconnect();
        if (proven) {
            // A daemon that was restarted is there again under the same path.
            proven = false;
            onAttempt();
            return;
        }
        if (!reported) {
            reported = true;
            trouble.write(Message.SYSLOG_AWAY, "log", socket, reason);
        }
        commands.retryLater();
    }

    void onClose() {
        if (phase != SyslogPhase.CLOSED) {
            move(Event.CLOSE);
        }
    }

    private void move(Event event) {
        phase = SyslogPhase.TABLE.next(phase, event);
    }
}
