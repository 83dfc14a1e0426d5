package io.github.pgconmgr.jdbc;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where an entry of a {@code jdbc:postgresql:} URL's host list really leads, for the sockets of one connection. Immutable, but
 * for the state of the watch.
 *
 * @param address the instance's
 * @param label how errors name it
 * @param instanceHost the instance's name for TLS as conmgr gave it; null for an ordinary server, which is known by the URL's
 * @param watch null for an ordinary server
 */
record Route(
        InetSocketAddress address,
        String label,
        @Nullable String instanceHost,
        @Nullable Watch watch) {

    /** Whether the connection that it was made for is closed, so that the next one has to ask again. */
    boolean isOver() {
        return watch != null && watch.state() == WatchState.RELEASED;
    }
}
