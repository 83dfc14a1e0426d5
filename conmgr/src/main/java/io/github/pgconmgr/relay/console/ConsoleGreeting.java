package io.github.pgconmgr.relay.console;

import java.util.Map;
import java.util.TreeMap;

/** What a client of the console is told at login, as ParameterStatus messages. Immutable. */
public final class ConsoleGreeting {

    /** The name of the database that is none. */
    public static final String DATABASE = "conmgr";

    /** Drivers judge by the number in front what a server can do. */
    static final String SERVER_VERSION = "15.0 (conmgr)";

    private ConsoleGreeting() {}

    /** Names and values, for ParameterStatus. */
    public static Map<String, String> parameters() {
        return new TreeMap<>(Map.of(
                "server_version", SERVER_VERSION,
                "client_encoding", "UTF8",
                "server_encoding", "UTF8",
                "DateStyle", "ISO, MDY",
                "TimeZone", "UTC",
                "integer_datetimes", "on",
                "standard_conforming_strings", "on",
                "default_transaction_read_only", "off",
                "in_hot_standby", "off",
                "is_superuser", "off"));
    }
}
