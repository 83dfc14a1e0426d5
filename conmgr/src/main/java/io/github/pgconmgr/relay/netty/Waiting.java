package io.github.pgconmgr.relay.netty;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** How a socket waits on the loop: for nothing before the start, for nothing behind the end. Confined to the relay's loop. */
final class Waiting {

    private @Nullable IoRegistration registration;

    /** Takes the socket into the loop's selector, which on the loop is done at once. */
    void start(IoEventLoop loop, IoHandle socket) throws IOException {
        Future<IoRegistration> done = loop.register(socket);
        if (!done.isSuccess()) {
            throw new IOException("could not be registered: " + done.cause(), done.cause());
        }
        registration = done.getNow();
    }

    /** For what it waits from now on. */
    void want(IoOps ops) {
        if (registration != null) {
            registration.submit(ops);
        }
    }

    /** A second call does nothing. */
    void end() {
        if (registration != null) {
            registration.cancel();
            registration = null;
        }
    }
}
