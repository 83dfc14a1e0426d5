package io.github.pgconmgr.attribute;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * jOOQ and pgjdbc, kept from writing on their own: what they would log may hold a connection's properties, and all that matters
 * comes back as an exception. Stateless.
 */
final class QuietLibraries {

    /** Held here: a logger that nobody refers to forgets its level. */
    private static final List<Logger> LOGGERS =
            List.of(Logger.getLogger("org.postgresql"), Logger.getLogger("org.jooq"));

    private QuietLibraries() {}

    /** Loads the classes of a check. Blocks for about a second, the first time. */
    static String load() {
        LOGGERS.forEach(logger -> logger.setLevel(Level.OFF));
        System.setProperty("org.jooq.no-logo", "true");
        System.setProperty("org.jooq.no-tips", "true");
        return CheckQuery.text();
    }
}
