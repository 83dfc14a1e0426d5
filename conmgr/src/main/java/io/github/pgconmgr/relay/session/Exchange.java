package io.github.pgconmgr.relay.session;

/**
 * What is still under way between a client and its server connection, as far as the protocol shows it: whether the connection is
 * <i>clean</i> (ADR 9). When in doubt it is not: a doubt costs a cached connection, a mistake would show one client another's data.
 *
 * <p>Confined to the relay's loop.
 */
final class Exchange {

    static final byte IDLE = 'I';

    private int awaited;

    /** Whether the one answer that is awaited is a Sync's; not known while {@link #mixed}. */
    private boolean awaitsSync;

    /** More than one answer was awaited at a time, and has been ever since. */
    private boolean mixed;

    private boolean unsynced;
    private boolean copyIn;
    private boolean doubtful;
    private byte status = IDLE;

    /** A new user; the server has said ReadyForQuery for all that was before. */
    void begin() {
        awaited = 0;
        mixed = false;
        unsynced = false;
        copyIn = false;
        doubtful = false;
        status = IDLE;
    }

    /** The start-up packet is on its way: one ReadyForQuery will come. */
    void onStartup() {
        await(false);
    }

    private void await(boolean sync) {
        mixed = awaited > 0;
        awaitsSync = sync;
        awaited++;
    }

    /** A message of the client goes to the server. */
    void onClientMessage(int type) {
        switch (type) {
            case 'Q', 'F' -> await(false);
            case 'S' -> onSync();
            case 'P', 'B', 'D', 'C', 'E', 'H' -> unsynced = true;
            case 'c', 'f' -> copyIn = false;
            // Behind the login the server ends for it.
            case 'p' -> doubtful |= awaited == 0;
            case 'd', 'X' -> {}
            default -> doubtful = true;
        }
    }

    /** A server that reads COPY data ignores Sync: no ReadyForQuery follows from this one. */
    private void onSync() {
        if (copyIn) {
            doubtful = true;
        } else {
            await(true);
        }
        unsynced = false;
    }

    /** ReadyForQuery. */
    void onReady(byte transactionStatus) {
        awaited--;
        mixed &= awaited > 0;
        copyIn = false;
        status = transactionStatus;
        // Never more answers than questions.
        doubtful |= awaited < 0;
    }

    /**
     * CopyInResponse. In an extended query the Sync has usually been sent along with Execute: the server reads it as a part of the
     * COPY and ignores it, so its answer will not come; another Sync will be sent behind the data.
     */
    void onCopyIn() {
        copyIn = true;
        if (mixed) {
            doubtful = true;
        } else if (awaited == 1 && awaitsSync) {
            awaited = 0;
            unsynced = true;
        }
    }

    /** CopyBothResponse: a walsender's stream. */
    void onCopyBoth() {
        doubtful = true;
    }

    /** The transaction status of the last ReadyForQuery. */
    byte status() {
        return status;
    }

    /** Whether the client awaits nothing. */
    boolean isAnswered() {
        return awaited == 0 && !unsynced && !copyIn;
    }

    /** Whether nothing is under way, in whatever transaction status. */
    boolean isQuiet() {
        return isAnswered() && !doubtful;
    }

    /** Quiet, and in no transaction. */
    boolean isClean() {
        return isQuiet() && status == IDLE;
    }
}
