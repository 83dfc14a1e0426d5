package io.github.pgconmgr.log;

/** Where messages go. Shared: any thread may write; a call never blocks on a peer. */
@FunctionalInterface
public interface Log {

    /**
     * Writes one line, if the message's severity reaches {@code log_min_messages}.
     *
     * @param component who speaks: "instance 2", "client 127.0.0.1:40112", "conmgr"
     * @param arguments for the message's placeholders; never a secret, never SQL text
     */
    void write(Message message, String component, Object... arguments);
}
