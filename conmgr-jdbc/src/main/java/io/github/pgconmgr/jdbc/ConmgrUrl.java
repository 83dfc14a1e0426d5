package io.github.pgconmgr.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * What a {@code jdbc:conmgr:} URL and its properties say. The grammar, the order of precedence, URL-decoding and
 * {@code service} files are pgjdbc's, by pgjdbc's own parser; only the prefix and the default port differ. Whatever is not
 * host, port or target attribute is kept for the instance untouched (T6). Immutable by convention: nobody changes the properties.
 *
 * @param hosts in their order, at least one
 * @param target the wanted attribute
 * @param minLsn what a standby must have replayed
 * @param database null if neither database nor user is named
 * @param properties all others, for pgjdbc
 */
record ConmgrUrl(
        List<HostPort> hosts,
        TargetServerType target,
        MinLsn minLsn,
        @Nullable String database,
        Properties properties) {

    /** What our URLs begin with. */
    static final String PREFIX = "jdbc:conmgr:";

    /** conmgr's port where the URL names none (C2). */
    static final String DEFAULT_PORT = "27546";

    private static final String PGJDBC_PREFIX = "jdbc:postgresql:";

    /** Stands in for a password while the URL is parsed, so that .pgpass is asked for the instance, not for the conmgr. */
    private static final String NO_PASSWORD = "\0";

    /** Whether the URL is ours. */
    static boolean accepts(String url) {
        return url.startsWith(PREFIX);
    }

    /**
     * Parses a URL that {@link #accepts} took.
     *
     * @throws SQLException 22023 if it cannot be parsed, or holds what does not go together with a conmgr; its message holds
     *     nothing of the URL, which may carry a password
     */
    static ConmgrUrl parse(String url, @Nullable Properties info) throws SQLException {
        Properties parsed = parseProperties(url, info);
        if (parsed.getProperty(PGProperty.SOCKET_FACTORY.getName()) != null) {
            throw new SQLException(
                    "socketFactory cannot be used with jdbc:conmgr:, whose sockets are watched",
                    SqlStates.INVALID_PARAMETER);
        }
        List<HostPort> hosts = hosts(take(parsed, PGProperty.PG_HOST, ""), take(parsed, PGProperty.PG_PORT, ""));
        TargetServerType target = TargetServerType.of(take(parsed, PGProperty.TARGET_SERVER_TYPE, "any"));
        MinLsn minLsn = MinLsn.takeFrom(parsed);
        String database = parsed.getProperty(PGProperty.PG_DBNAME.getName());
        parsed.remove(PGProperty.PG_DBNAME.getName());
        return new ConmgrUrl(hosts, target, minLsn, database, parsed);
    }

    /**
     * The URL and the properties as pgjdbc's parser gives them, hosts and ports among them; a password only if one of the two
     * holds it.
     *
     * @throws SQLException 22023 if it cannot be parsed
     */
    static Properties parseProperties(String url, @Nullable Properties info) throws SQLException {
        // pgjdbc would log a URL with too many or too few slashes as a whole, password and all.
        Properties parsed = hasItsSlash(url) ? Driver.parseURL(toPgjdbcUrl(url), withDefaults(info)) : null;
        if (parsed == null) {
            throw new SQLException(
                    "cannot parse the URL: it must look like jdbc:conmgr://host[:port][,host[:port]...]/database?...",
                    SqlStates.INVALID_PARAMETER);
        }
        if (NO_PASSWORD.equals(parsed.getProperty(PGProperty.PASSWORD.getName()))) {
            parsed.remove(PGProperty.PASSWORD.getName());
        }
        return parsed;
    }

    private static boolean hasItsSlash(String url) {
        int end = url.indexOf('?');
        String server = url.substring(PREFIX.length(), end < 0 ? url.length() : end);
        boolean namesHosts = server.startsWith("//") && !server.equals("//") && !server.equals("///");
        return !namesHosts || server.chars().filter(c -> c == '/').count() == 3;
    }

    /** The URL as pgjdbc would have it, with conmgr's default port written out. */
    static String toPgjdbcUrl(String url) {
        String rest = url.substring(PREFIX.length());
        int end = rest.indexOf('?');
        String server = end < 0 ? rest : rest.substring(0, end);
        String arguments = end < 0 ? "" : rest.substring(end);
        if (server.startsWith("//") && !server.equals("//") && !server.equals("///")) {
            int slash = server.indexOf('/', 2);
            String authority = slash < 0 ? server.substring(2) : server.substring(2, slash);
            String path = slash < 0 ? "" : server.substring(slash);
            server = Arrays.stream(authority.split(",", -1))
                    .map(ConmgrUrl::withPort)
                    .collect(Collectors.joining(",", "//", path));
        }
        return PGJDBC_PREFIX + server + arguments;
    }

    private static String withPort(String address) {
        boolean named = address.lastIndexOf(':') > address.lastIndexOf(']');
        return named ? address : address + ":" + DEFAULT_PORT;
    }

    /** The caller's properties above our defaults, which are weaker than the URL, the properties and a service file. */
    private static Properties withDefaults(@Nullable Properties info) {
        Properties weakest = new Properties();
        weakest.setProperty(PGProperty.PG_HOST.getName(), "localhost");
        weakest.setProperty(PGProperty.PG_PORT.getName(), DEFAULT_PORT);
        weakest.setProperty(PGProperty.PASSWORD.getName(), NO_PASSWORD);
        Properties properties = new Properties(weakest);
        if (info != null) {
            info.stringPropertyNames().forEach(name -> properties.setProperty(name, info.getProperty(name)));
        }
        return properties;
    }

    private static String take(Properties properties, PGProperty property, String otherwise) {
        String value = properties.getProperty(property.getName(), otherwise);
        properties.remove(property.getName());
        return value;
    }

    private static List<HostPort> hosts(String hosts, String ports) {
        String[] names = hosts.split(",", -1);
        String[] numbers = ports.split(",", -1);
        List<HostPort> list = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            list.add(new HostPort(names[i], Integer.parseInt(numbers[i])));
        }
        return List.copyOf(list);
    }
}
