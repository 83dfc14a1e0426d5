package io.github.pgconmgr.relay.netty;

import io.github.pgconmgr.relay.io.Connection;
import io.github.pgconmgr.relay.io.ConnectionEvents;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Makes who hears of a connection, and lets the test have it. Shared: a future. */
final class Made<E extends ConnectionEvents> implements Function<Connection, ConnectionEvents> {

    private final Function<Connection, E> maker;
    private final CompletableFuture<E> made = new CompletableFuture<>();

    Made(Function<Connection, E> maker) {
        this.maker = maker;
    }

    @Override
    public E apply(Connection connection) {
        E its = maker.apply(connection);
        made.complete(its);
        return its;
    }

    /** Blocks until there is a connection. */
    E get() throws Exception {
        return made.get(20, TimeUnit.SECONDS);
    }
}
