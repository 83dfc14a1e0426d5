package io.github.pgconmgr.relay.netty;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** A TCP socket that never blocks, on the relay's loop. Confined to it. Whoever closes it calls nothing else afterwards. */
interface Stream {

    /** What has become possible. */
    interface Events {

        /**
         * At least one of them; a wrong alarm is possible.
         *
         * @param hungUp it is broken, or both sides have closed: told again and again, whatever is wanted
         */
        void onReady(boolean readable, boolean writable, boolean hungUp);
    }

    /** From now on on the loop, with nothing wanted yet. */
    void register(Events listener) throws IOException;

    /** Somebody else is told from now on. */
    void tell(Events listener);

    /** Of what it is to be told. Costs nothing if nothing changes. */
    void want(boolean readable, boolean writable);

    /** Whether it is told of what can be read. */
    boolean wantsReadable();

    /** Nothing is told any more, not even that it has hung up; it can be read from still. */
    void silence();

    /** As many bytes as have come, into a direct buffer, whose position moves; 0 for none, -1 at the end. */
    int read(ByteBuffer into) throws IOException;

    /** What the socket takes at once; moves the position. */
    void write(ByteBuffer from) throws IOException;

    /** Behind {@link Transport#connect}, when it has become writable: whether it stands. */
    boolean finishConnect() throws IOException;

    /** The other side. */
    InetSocketAddress peer();

    /** Ends it; a second call does nothing. */
    void close();
}
