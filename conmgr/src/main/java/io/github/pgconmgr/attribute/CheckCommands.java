package io.github.pgconmgr.attribute;

/**
 * What a link's core asks of its connection. Called on the heartbeat loop; must not block. Answers come back as events with the
 * number of the attempt, later; the core ignores those of older numbers. One question is out at a time.
 */
public interface CheckCommands {

    /** Gets ready, which may take a second; ends in onReady. */
    void prepare();

    /** Connects, and asks for the first time. Ends in onAnswer or onFailure. */
    void connect(long attempt);

    /** Asks again on the connection that stands. Ends in onAnswer or onFailure. */
    void check();

    /** Ends the current connection or attempt; nothing happens if there is none. No event has to follow. */
    void close();
}
