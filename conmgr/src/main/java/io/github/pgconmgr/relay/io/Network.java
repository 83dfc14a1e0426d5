package io.github.pgconmgr.relay.io;

import java.net.InetSocketAddress;

/** What the relay's core may ask for. Confined to the relay's loop. */
public interface Network {

    /** How dialling came out; one of the two is called, later, on the loop. */
    interface Dialled {

        /** It stands; the result is told what happens to it from now on. */
        ConnectionEvents onConnected(Connection connection, long nowNanos);

        /** It does not. */
        void onFailed(String reason, long nowNanos);
    }

    /** Something that will happen, unless it is cancelled. */
    interface Timer {

        /** It will not happen; nothing if it has happened. */
        void cancel();
    }

    /** What is done when the time has come. */
    @FunctionalInterface
    interface Task {

        /** Does it. */
        void run(long nowNanos);
    }

    /**
     * Begins to connect.
     *
     * @param limitNanos for the TCP connection
     */
    void dial(InetSocketAddress address, long limitNanos, Dialled dialled);

    /** Runs the task on the loop once, after so many nanoseconds; a few milliseconds late is usual. */
    Timer after(long delayNanos, Task task);
}
