package io.github.pgconmgr.relay.netty;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.Future;
import java.io.IOException;

/** Takes a socket into the loop's selector. Stateless; on the loop only, where it is done at once. */
final class Registrations {

    private Registrations() {}

    static IoRegistration of(IoEventLoop loop, IoHandle handle) throws IOException {
        Future<IoRegistration> done = loop.register(handle);
        if (done.isSuccess()) {
            return done.getNow();
        }
        throw new IOException("could not be registered: " + done.cause(), done.cause());
    }
}
