package io.github.pgconmgr.daemon;

import io.github.pgconmgr.time.NanoClock;

/**
 * Who started conmgr and is told how it fares: systemd, for a unit of Type=notify; else nobody. The words are those of
 * sd_notify(3); behind STOPPING=1 there are none but the status of the stop.
 *
 * <p>No WATCHDOG=1: systemd would kill a conmgr whose machine stood still for a while, and with it every session that conmgr keeps
 * through such a stall (ADR 1). A loop that dies takes the process with it, and Restart= brings it back.
 *
 * <p>Confined to the main thread, but for {@link #listens}.
 */
final class ServiceManager {

    /** The way to it. */
    interface Line {
        /** Sends one message; comes back at once. */
        void send(String message);

        /** Whether anybody is there to be told. Any thread. */
        boolean isOpen();
    }

    private final Line line;
    private final NanoClock clock;
    private String status = "";
    private boolean stopping;

    ServiceManager(Line line, NanoClock clock) {
        this.line = line;
        this.clock = clock;
    }

    /** Whether it is worth while to find out what to say. Any thread. */
    boolean listens() {
        return line.isOpen();
    }

    /** conmgr serves applications, or serves them again behind {@link #reloading}. */
    void ready() {
        send("READY=1");
    }

    void reloading() {
        // What Type=notify-reload of systemd 253 wants to know as well.
        send("RELOADING=1\nMONOTONIC_USEC=" + clock.nanoTime() / 1000);
    }

    /** What {@code systemctl status} shows: one line. */
    void status(String text) {
        if (!text.equals(status)) {
            status = text;
            send("STATUS=" + text);
        }
    }

    /** May be said again, with another text. */
    void stopping(String text) {
        stopping = true;
        line.send("STOPPING=1\nSTATUS=" + text);
    }

    private void send(String message) {
        if (!stopping) {
            line.send(message);
        }
    }
}
