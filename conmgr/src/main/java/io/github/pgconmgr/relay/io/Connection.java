package io.github.pgconmgr.relay.io;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection, of a client or to a server. Confined to the relay's loop. After {@link #abort}, {@link #closeWhenWritten} and
 * {@link ConnectionEvents#onClosed} calls do nothing.
 */
public interface Connection {

    /** Sends what the socket takes now and copies only the rest; takes everything from position to limit, never blocks. */
    void write(ByteBuffer bytes);

    /** Something waits in it: the other side's reading is to pause until {@link ConnectionEvents#onWritable}. */
    boolean isCongested();

    /** Nothing more is read from now on, so that the peer's sending stops; a second call does nothing. */
    void pauseReading();

    /** Undoes {@link #pauseReading}. */
    void resumeReading();

    /**
     * TLS from here on, as the side that was connected to.
     *
     * @param received of the peer's, read already; belongs to TLS
     */
    void startTls(ByteBuffer received);

    /**
     * What SCRAM binds a login over this connection to, of the certificate that its TLS began with; null without TLS, or where it is not
     * defined.
     */
    byte @Nullable [] tlsEndPoint();

    /** Ends it once all has been written, or after a second; reads no more. {@link ConnectionEvents#onClosed} still comes. */
    void closeWhenWritten();

    /** Ends it at once; {@link ConnectionEvents#onClosed} still comes, not within this call. */
    void abort();

    /** The other side's address. */
    InetSocketAddress peer();
}
