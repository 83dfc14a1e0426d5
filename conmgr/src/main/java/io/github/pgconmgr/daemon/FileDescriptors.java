package io.github.pgconmgr.daemon;

import io.github.pgconmgr.config.ConmgrConfig;
import io.github.pgconmgr.frontend.ConnectionLimit;
import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.log.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * How many file descriptors conmgr needs (C7): {@link #OWN} for itself (the JVM, its jars, event loops, logs, lock, control
 * socket and its clients), 2 for each instance (heartbeat, and the probe of {@code backend_port}), 1 more for each that is checked
 * by SQL, 1 for each listen address,
 * and 1 for each application that holds a connection. What the limit leaves is all that applications get. Stateless.
 */
final class FileDescriptors {

    /** Measured: about 31 when started, syslog included, plus 32 control connections, rounded up. */
    static final int OWN = 80;

    private static final int PER_INSTANCE = 2;

    /** Where max_connections says nothing: with room for fewer applications than this, conmgr warns at start. */
    static final int ENOUGH_APPLICATIONS = 100;

    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final String LIMIT_NAME = "Max open files";
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private FileDescriptors() {}

    /** What conmgr needs before the first application comes. */
    private static long needed(ConmgrConfig config) {
        return OWN
                + (long) PER_INSTANCE * config.instances().size()
                + config.instances().stream()
                        .filter(instance -> instance.check().mode().usesSql())
                        .count()
                + config.listenAddresses().size();
    }

    /** How many applications may connect under this limit of open files. */
    static ConnectionLimit connectionLimit(ConmgrConfig config, long openFiles) {
        return ConnectionLimit.of(config.maxConnections(), Math.max(0, openFiles - needed(config)), openFiles);
    }

    /**
     * Logs a WARNING if the limit is tight.
     *
     * @throws StartException if it leaves room for nobody
     */
    static void check(ConmgrConfig config, long openFiles, Log log) throws StartException {
        long room = openFiles - needed(config);
        if (room < 1) {
            throw new StartException(Message.DESCRIPTORS_TOO_FEW, openFiles, needed(config) + 1);
        }
        int wanted = config.maxConnections() > 0 ? config.maxConnections() : ENOUGH_APPLICATIONS;
        if (room < wanted) {
            log.write(Message.DESCRIPTORS_SCARCE, "conmgr", openFiles, room);
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
