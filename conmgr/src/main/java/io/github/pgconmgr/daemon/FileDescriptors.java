package io.github.pgconmgr.daemon;

import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.log.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * How many file descriptors conmgr needs (C7): {@link #OWN} for itself (the JVM, its jars, event loops, log, lock, control
 * socket and its clients), 2 for each instance (heartbeat, and the probe of {@code backend_port}), 1 for each listen address,
 * and 1 for each application that holds a connection. Stateless.
 */
final class FileDescriptors {

    /** Measured: about 30 when started, plus 32 control connections, rounded up. */
    static final int OWN = 80;

    private static final int PER_INSTANCE = 2;

    /** With room for fewer applications than this, conmgr warns at start. */
    static final int ENOUGH_APPLICATIONS = 100;

    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final String LIMIT_NAME = "Max open files";
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private FileDescriptors() {}

    /** The applications that there is room for; may be negative. */
    static long roomForApplications(long limit, int instances, int listenAddresses) {
        return limit - OWN - (long) PER_INSTANCE * instances - listenAddresses;
    }

    /** Logs a WARNING if the limit is tight. */
    static void check(long limit, int instances, int listenAddresses, Log log) {
        long room = roomForApplications(limit, instances, listenAddresses);
        if (room < ENOUGH_APPLICATIONS) {
            log.write(Message.DESCRIPTORS_SCARCE, "conmgr", limit, Math.max(0, room));
        }
    }

    /** This process's soft limit, which the JVM has raised to the hard one; very large if there is none or it is not known. */
    static long limit() {
        try {
            return parse(Files.readString(LIMITS));
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }

    static long parse(String limits) {
        for (String line : limits.lines().toList()) {
            if (line.startsWith(LIMIT_NAME)) {
                String soft = BLANKS.split(line.substring(LIMIT_NAME.length()).strip(), 2)[0];
                return soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft);
            }
        }
        return Long.MAX_VALUE;
    }
}
