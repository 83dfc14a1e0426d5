package io.github.pgconmgr.frontend;

import java.nio.ByteBuffer;

/**
 * A driver that was sent to an instance and waits for the notice. Compared by identity.
 *
 * <p>Confined to the frontend loop. Made when the answer has been written, ends with its connection.
 */
final class ClientSession {

    /** How the session's client is told. */
    @FunctionalInterface
    interface NoticeSink {

        /** Sends the encoded notice, which others get as well, and closes. */
        void tell(ByteBuffer notice, ClientPhase.Event cause);
    }

    private final SessionInfo info;
    private final long postmasterStartMicros;
    private final long generation;
    private final NoticeSink sink;

    /**
     * @param postmasterStartMicros the postmaster that the client was sent to
     * @param generation of the snapshot that the client was routed by
     */
    ClientSession(SessionInfo info, long postmasterStartMicros, long generation, NoticeSink sink) {
        this.info = info;
        this.postmasterStartMicros = postmasterStartMicros;
        this.generation = generation;
        this.sink = sink;
    }

    SessionInfo info() {
        return info;
    }

    long postmasterStartMicros() {
        return postmasterStartMicros;
    }

    long generation() {
        return generation;
    }

    void tell(ByteBuffer notice, ClientPhase.Event cause) {
        sink.tell(notice, cause);
    }
}
