package io.github.pgconmgr.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a file says of the relay: checked across parameters, then frozen. Confined to one load; blocks on the disk. */
final class RelaySettings {

    private final String file;
    private final Settings settings;
    private final ConfigFolder folder;
    private final List<Problem> problems = new ArrayList<>();

    RelaySettings(String file, Settings settings, ConfigFolder folder) {
        this.file = file;
        this.settings = settings;
        this.folder = folder;
    }

    /** Why it cannot be used; each parameter alone has been checked. */
    List<Problem> problems() {
        problems.clear();
        checkPorts();
        checkReserved();
        needs(RelayParameters.SSL_CERT_FILE, RelayParameters.SSL_KEY_FILE);
        needs(RelayParameters.SSL_KEY_FILE, RelayParameters.SSL_CERT_FILE);
        needs(RelayParameters.SSL_CA_FILE, RelayParameters.SSL_CERT_FILE);
        needs(RelayParameters.AUTH_QUERY, RelayParameters.AUTH_USER);
        needs(RelayParameters.AUTH_DBNAME, RelayParameters.AUTH_USER);
        checkFile("certificate file", RelayParameters.SSL_CERT_FILE, false);
        checkFile("private key file", RelayParameters.SSL_KEY_FILE, true);
        checkFile("certificate file", RelayParameters.SSL_CA_FILE, false);
        checkFile("file of users", RelayParameters.AUTH_FILE, true);
        return List.copyOf(problems);
    }

    private void checkPorts() {
        Map<Integer, String> names = new HashMap<>();
        for (Parameter<Integer> parameter : List.of(
                Parameters.PORT,
                RelayParameters.RELAY_PRIMARY_PORT,
                RelayParameters.RELAY_STANDBY_PORT,
                RelayParameters.RELAY_ANY_PORT)) {
            int port = settings.get(parameter);
            String other = port == 0 ? null : names.putIfAbsent(port, parameter.name());
            if (other != null) {
                problem(parameter, port + " is the value of " + other + ", too");
            }
        }
    }

    private void checkReserved() {
        int reserved = settings.get(RelayParameters.RESERVED_CONNECTIONS);
        int workers = settings.get(RelayParameters.NUM_INIT_CHILDREN);
        if (reserved >= workers) {
            problem(
                    RelayParameters.RESERVED_CONNECTIONS,
                    reserved + " is not less than " + RelayParameters.NUM_INIT_CHILDREN.name() + ", " + workers);
        }
    }

    /** One that is not its default asks for another one. */
    private <T> void needs(Parameter<T> parameter, Parameter<?> other) {
        T value = settings.find(parameter, Settings.NO_NUMBER);
        boolean isDefault =
                value == null || (!parameter.defaultText().isEmpty() && value.equals(Settings.defaultOf(parameter)));
        if (!isDefault && settings.lineOf(other, Settings.NO_NUMBER) == 0) {
            problem(parameter, "has no meaning without \"" + other.name() + "\"");
        }
    }

    private void checkFile(String what, Parameter<String> parameter, boolean secret) {
        String name = settings.find(parameter, Settings.NO_NUMBER);
        if (name == null) {
            return;
        }
        try {
            folder.check(what, name, secret);
        } catch (InvalidValueException e) {
            problem(parameter, e.reason());
        }
    }

    private void problem(Parameter<?> parameter, String reason) {
        problems.add(new Problem(file, settings.lineOf(parameter, Settings.NO_NUMBER), parameter.name(), reason));
    }

    /** What is doubtful in settings without problems. */
    List<Problem> warnings() {
        problems.clear();
        if (settings.get(RelayParameters.SERIALIZE_ACCEPT) == Switch.ON) {
            problem(
                    RelayParameters.SERIALIZE_ACCEPT,
                    settings.get(RelayParameters.CHILD_LIFE_TIME) > 0
                            ? "has no effect while " + RelayParameters.CHILD_LIFE_TIME.name() + " is on"
                            : "has nothing to do here, one thread accepts all connections");
        }
        List<String> resetQueries = settings.get(RelayParameters.RESET_QUERY_LIST);
        if (!resetQueries.get(0).equalsIgnoreCase(QueryListType.ABORT)) {
            problem(
                    RelayParameters.RESET_QUERY_LIST,
                    QueryListType.ABORT + " does not come first: what stands before it may fail in a transaction");
        }
        return List.copyOf(problems);
    }

    /** The record of settings without problems. */
    RelayConfig config() {
        return new RelayConfig(
                settings.get(RelayParameters.RELAY_TARGET_SESSION_ATTRS),
                settings.get(RelayParameters.RELAY_PRIMARY_PORT),
                settings.get(RelayParameters.RELAY_STANDBY_PORT),
                settings.get(RelayParameters.RELAY_ANY_PORT),
                pool(),
                auth(),
                tls(),
                statsUsers());
    }

    private PoolConfig pool() {
        int workers = settings.get(RelayParameters.NUM_INIT_CHILDREN);
        return new PoolConfig(
                settings.get(RelayParameters.POOL_MODE),
                workers,
                settings.get(RelayParameters.RESERVED_CONNECTIONS),
                settings.get(RelayParameters.MAX_POOL),
                settings.get(RelayParameters.CONNECTION_CACHE) == Switch.ON,
                settings.get(RelayParameters.LISTEN_BACKLOG_MULTIPLIER) * workers,
                settings.get(RelayParameters.SERIALIZE_ACCEPT) == Switch.ON,
                settings.get(RelayParameters.CHILD_MAX_CONNECTIONS),
                settings.get(RelayParameters.MAX_PREPARED_STATEMENTS),
                settings.get(RelayParameters.RESET_QUERY_LIST),
                new PoolTimes(
                        nanos(RelayParameters.CHILD_LIFE_TIME),
                        nanos(RelayParameters.CLIENT_IDLE_LIMIT),
                        nanos(RelayParameters.CONNECTION_LIFE_TIME),
                        nanos(RelayParameters.SERVER_IDLE_TIMEOUT),
                        nanos(RelayParameters.CLIENT_LOGIN_TIMEOUT)));
    }

    private long nanos(Parameter<Integer> millis) {
        return TimeUnit.MILLISECONDS.toNanos(settings.get(millis));
    }

    private AuthConfig auth() {
        return new AuthConfig(
                settings.get(RelayParameters.AUTH_TYPE),
                path(RelayParameters.AUTH_FILE),
                settings.find(RelayParameters.AUTH_USER, Settings.NO_NUMBER),
                settings.get(RelayParameters.AUTH_QUERY),
                settings.get(RelayParameters.AUTH_DBNAME));
    }

    private @Nullable TlsConfig tls() {
        Path certificate = path(RelayParameters.SSL_CERT_FILE);
        Path key = path(RelayParameters.SSL_KEY_FILE);
        return certificate == null || key == null
                ? null
                : new TlsConfig(certificate, key, path(RelayParameters.SSL_CA_FILE));
    }

    private @Nullable Path path(Parameter<String> parameter) {
        String name = settings.find(parameter, Settings.NO_NUMBER);
        return name == null ? null : folder.resolve(name);
    }

    private List<String> statsUsers() {
        List<String> users = settings.find(RelayParameters.STATS_USERS, Settings.NO_NUMBER);
        return users == null ? List.of() : users;
    }
}
