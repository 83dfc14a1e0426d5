package io.github.pgconmgr.relay.prepared;

import java.nio.ByteBuffer;

/** Where the rewritten messages of a client go, in order. */
public interface ToServer {

    /** Bytes of the client, as they are; valid during the call only. */
    void forward(ByteBuffer buffer, int from, int to);

    /** Bytes of conmgr's own, from position to limit; valid during the call only. */
    void send(ByteBuffer own);
}
