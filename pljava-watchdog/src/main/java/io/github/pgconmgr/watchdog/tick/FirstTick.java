package io.github.pgconmgr.watchdog.tick;

import io.github.pgconmgr.watchdog.peer.PeerRow;
import io.github.pgconmgr.wire.heartbeat.SharedSecret;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What comes with the first tick only. Immutable.
 *
 * @param port {@code watchdog.port}
 * @param maxPeers {@code watchdog.max_heartbeat_connections}
 * @param postmasterStartMicros since 1970 UTC
 * @param wakeDescriptor number of the wake pipe's file descriptor
 * @param listenOn {@code watchdog.listen_addresses}
 * @param secret what watchdog.secret_file holds; null without one
 * @param rows found in shared memory
 * @param unreadableRows how many more were found that are no rows of ours
 */
public record FirstTick(
        int port,
        int maxPeers,
        long systemIdentifier,
        long postmasterStartMicros,
        int wakeDescriptor,
        @Nullable SharedSecret secret,
        List<ListenAddress> listenOn,
        List<PeerRow> rows,
        int unreadableRows) {}
