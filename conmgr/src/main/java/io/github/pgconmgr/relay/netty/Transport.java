package io.github.pgconmgr.relay.netty;

import io.github.pgconmgr.frontend.BareSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** How sockets are made on one kind of loop. Confined to the relay's loop. */
interface Transport {

    /** Where it waits for connections. */
    interface Listener {

        /** Who is told that somebody waits, again and again until nobody does. */
        void tell(Runnable onWaiting);

        /** The next one; null if nobody waits. */
        @Nullable
        Stream accept() throws IOException;

        /** Whether it is told that somebody waits. */
        void want(boolean accepting);

        /** Where it listens. */
        InetSocketAddress address();

        /** Ends it. */
        void close();
    }

    /** Begins to connect; not registered yet. */
    Stream connect(InetSocketAddress address) throws IOException;

    /** A socket of the frontend's. */
    Stream adopt(BareSocket socket);

    /** Listens, with nothing wanted yet. */
    Listener listen(InetSocketAddress address, int backlog) throws IOException;
}
