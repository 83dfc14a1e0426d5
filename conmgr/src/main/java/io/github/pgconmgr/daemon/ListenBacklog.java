package io.github.pgconmgr.daemon;

import io.github.pgconmgr.config.PoolConfig;
import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.log.Message;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** How long a queue of waiting connections the kernel allows (P4). Stateless. */
final class ListenBacklog {

    private static final Path SYSTEM_LIMIT = Path.of("/proc/sys/net/core/somaxconn");

    /** More than an int has. */
    private static final int MAX_DIGITS = 32;

    private ListenBacklog() {}

    /** Logs a WARNING if the kernel gives less than num_init_children x listen_backlog_multiplier. */
    static void check(PoolConfig pool, int limit, Log log) {
        if (pool.maxWaiting() > limit) {
            log.write(Message.LISTEN_BACKLOG_CUT, Daemon.COMPONENT, pool.maxWaiting(), limit);
        }
    }

    /** The kernel's; very large if it is not known. */
    static int limit() {
        // In one read: the kernel gives such a number to the first one only, whatever fits into it.
        try (InputStream in = Files.newInputStream(SYSTEM_LIMIT)) {
            return Integer.parseInt(new String(in.readNBytes(MAX_DIGITS), StandardCharsets.US_ASCII).strip());
        } catch (IOException | NumberFormatException e) {
            return Integer.MAX_VALUE;
        }
    }
}
