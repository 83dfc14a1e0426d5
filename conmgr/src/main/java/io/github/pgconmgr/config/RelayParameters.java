package io.github.pgconmgr.config;

import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.util.List;

/**
 * The rows of {@link Parameters} that are about relayed connections, their pool, authentication and TLS (P1 to P10, ADR 9).
 * Immutable.
 */
final class RelayParameters {

    /** A worker is an object of some hundred bytes; its server connections are what costs. */
    static final int MAX_WORKERS = 10_000;

    private static final int MAX_QUERY_LENGTH = 2_000;

    private static final IntegerType PORT_OR_OFF = new IntegerType(0, 65535);
    private static final IntegerType COUNT = new IntegerType(0, Integer.MAX_VALUE);
    private static final WaitType TIME = WaitType.seconds();
    private static final EnumType<Switch> SWITCH = new EnumType<>(Switch.class);

    /** NAMEDATALEN less its terminating zero. */
    private static final TextType NAME = new TextType(
            "a name of at most 63 characters without blanks",
            63,
            text -> text.chars().noneMatch(Character::isWhitespace));

    private static final TextType QUERY =
            new TextType("a query with the user's name as $1", MAX_QUERY_LENGTH, text -> text.contains("$1"));

    static final Parameter<TargetAttribute> RELAY_TARGET_SESSION_ATTRS = Parameter.once(
            "relay_target_session_attrs",
            new EnumType<>(TargetAttribute.class, TargetAttribute::word),
            "read-write",
            "The kind of instance for drivers that know nothing of conmgr and connect to port: such a connection is relayed.");

    static final Parameter<Integer> RELAY_PRIMARY_PORT = Parameter.once(
            "relay_primary_port", PORT_OR_OFF, "0", "A port for relayed connections only, to the primary. 0 is none.");

    static final Parameter<Integer> RELAY_STANDBY_PORT = Parameter.once(
            "relay_standby_port", PORT_OR_OFF, "0", "A port for relayed connections only, to a standby. 0 is none.");

    static final Parameter<Integer> RELAY_ANY_PORT = Parameter.once(
            "relay_any_port",
            PORT_OR_OFF,
            "0",
            "A port for relayed connections only, to any instance that is alive. 0 is none.");

    static final Parameter<PoolMode> POOL_MODE = Parameter.once(
            "pool_mode",
            new EnumType<>(PoolMode.class),
            "session",
            "When a relayed client gives its server connection back: session, when it leaves; transaction, at the end of each"
                    + " transaction. Not every application works with transaction; docs/relay.md tells which.");

    static final Parameter<Integer> NUM_INIT_CHILDREN = Parameter.once(
            "num_init_children",
            new IntegerType(1, MAX_WORKERS),
            "32",
            "Number of workers: how many relayed clients are served at one time. Further ones wait. With pool_mode ="
                    + " transaction it limits transactions at one time, not clients.");

    static final Parameter<Integer> RESERVED_CONNECTIONS = Parameter.once(
            "reserved_connections",
            new IntegerType(0, MAX_WORKERS - 1),
            "0",
            "With 1 or more, a relayed client does not wait when fewer workers than this would stay free: it gets the error"
                    + " \"sorry, too many clients already\". 0 lets it wait.");

    static final Parameter<Integer> MAX_POOL = Parameter.once(
            "max_pool",
            new IntegerType(1, 1_000),
            "4",
            "Most server connections that one worker keeps, for different users, databases and start-up parameters. One more"
                    + " takes the place of the oldest. All workers together hold num_init_children x max_pool at most:"
                    + " max_connections of the instances must allow that.");

    static final Parameter<Switch> CONNECTION_CACHE = Parameter.once(
            "connection_cache",
            SWITCH,
            "on",
            "Whether server connections are kept for the next client. Never kept are those to the databases template0,"
                    + " template1, postgres and regression, and replication connections.");

    static final Parameter<Integer> LISTEN_BACKLOG_MULTIPLIER = Parameter.once(
            "listen_backlog_multiplier",
            new IntegerType(1, 10_000),
            "2",
            "This times num_init_children is how many relayed clients may wait, and the backlog of the sockets of"
                    + " relay_primary_port, relay_standby_port and relay_any_port. The kernel cuts it to net.core.somaxconn;"
                    + " conmgr says so at start. port, which drivers that know conmgr use as well, has the longest backlog that"
                    + " the kernel allows.");

    static final Parameter<Switch> SERIALIZE_ACCEPT = Parameter.once(
            "serialize_accept",
            SWITCH,
            "off",
            "Taken for the sake of the original; without effect here. It keeps many processes from waking up for one"
                    + " connection, and in conmgr one thread accepts them all.");

    static final Parameter<Integer> CHILD_LIFE_TIME = Parameter.once(
            "child_life_time",
            TIME,
            "300",
            "A worker that has been idle this long closes its server connections and starts anew, in seconds; 0 is never. Not"
                    + " one that has served no client yet.");

    static final Parameter<Integer> CLIENT_IDLE_LIMIT = Parameter.reloadable(
            "client_idle_limit",
            TIME,
            "0",
            "A relayed client that has sent nothing for this long since its last query is disconnected, in seconds; 0 is"
                    + " never. A session changes it for itself with PGPOOL SET client_idle_limit.");

    static final Parameter<Integer> CHILD_MAX_CONNECTIONS = Parameter.once(
            "child_max_connections",
            COUNT,
            "0",
            "A worker that has served this many clients closes its server connections and starts anew; 0 is never.");

    static final Parameter<Integer> CONNECTION_LIFE_TIME = Parameter.once(
            "connection_life_time",
            TIME,
            "0",
            "A kept server connection is closed this long after it was made, in seconds; one in use when its client"
                    + " leaves. 0 is never.");

    static final Parameter<Integer> SERVER_IDLE_TIMEOUT = Parameter.once(
            "server_idle_timeout",
            TIME,
            "60",
            "A kept server connection that nobody has used for this long is closed, in seconds; 0 is never. Also the longest"
                    + " time for which one keeps DROP DATABASE waiting.");

    static final Parameter<Integer> CLIENT_LOGIN_TIMEOUT = Parameter.once(
            "client_login_timeout",
            new DurationType(),
            "60",
            "A relayed client that has not logged in this long after it connected is disconnected, in seconds.");

    static final Parameter<List<String>> RESET_QUERY_LIST = Parameter.reloadable(
            "reset_query_list",
            new QueryListType(),
            "ABORT; DISCARD ALL",
            "The SQL commands that a server connection gets before another client has it, with semicolons between them. ABORT"
                    + " must be among them; it is sent only within a transaction. When one fails the connection is closed.");

    static final Parameter<Integer> MAX_PREPARED_STATEMENTS = Parameter.once(
            "max_prepared_statements",
            new IntegerType(0, 100_000),
            "200",
            "With pool_mode = transaction: how many prepared statements of the protocol a server connection keeps at a time;"
                    + " they follow a client to the next one. 0 forwards them untouched, which only works for clients that"
                    + " use none.");

    static final Parameter<AuthType> AUTH_TYPE = Parameter.once(
            "auth_type",
            new EnumType<>(AuthType.class),
            "scram-sha-256",
            "How a relayed client proves to conmgr who it is. trust believes everybody and is for tests. Without auth_file"
                    + " and auth_user it proves it to the instance, and its server connection is not kept.");

    static final Parameter<String> AUTH_FILE = Parameter.once(
            "auth_file",
            TextType.PATH,
            "",
            "File with users and what proves them, as PgBouncer's: lines of \"user\" \"password, md5 or SCRAM-SHA-256 secret\"."
                    + " Relative to the conmgr directory; nobody but its owner may have access to it. A reload"
                    + " reads it again.");

    static final Parameter<String> AUTH_USER = Parameter.once(
            "auth_user",
            NAME,
            "",
            "Who asks the instance with auth_query for a user that auth_file does not have. Its password stands in auth_file, if"
                    + " the instance asks for one.");

    static final Parameter<String> AUTH_QUERY = Parameter.once(
            "auth_query",
            QUERY,
            "SELECT rolname, CASE WHEN rolvaliduntil < pg_catalog.now() THEN NULL ELSE rolpassword END"
                    + " FROM pg_catalog.pg_authid WHERE rolname = $1 AND rolcanlogin",
            "What auth_user asks: one row of a user's name and secret for the name in $1. Only a superuser may read pg_authid;"
                    + " docs/relay.md has a function for others.");

    static final Parameter<String> AUTH_DBNAME =
            Parameter.once("auth_dbname", NAME, "postgres", "The database in which auth_user asks.");

    static final Parameter<String> SSL_CERT_FILE = Parameter.once(
            "ssl_cert_file",
            TextType.PATH,
            "",
            "File with conmgr's certificate (PEM), the chain behind it. With it and ssl_key_file relayed clients may use TLS;"
                    + " without, a client that asks is told that there is none. Relative to the conmgr directory. A reload"
                    + " reads it again.");

    static final Parameter<String> SSL_KEY_FILE = Parameter.once(
            "ssl_key_file",
            TextType.PATH,
            "",
            "File with the private key of ssl_cert_file (PEM). Nobody but its owner may have access to it. A reload reads it again.");

    static final Parameter<String> SSL_CA_FILE = Parameter.once(
            "ssl_ca_file",
            TextType.PATH,
            "",
            "File with the certificates of those who may sign clients' certificates (PEM). With it a client that uses TLS must"
                    + " show one.");

    static final Parameter<List<String>> STATS_USERS = Parameter.reloadable(
            "stats_users",
            new ListType<>(NAME),
            "",
            "Users who may connect to the virtual database conmgr and look at the pool there, with commas between them; they"
                    + " log in as auth_type says. Nobody else may.");

    /** In the order of the sample file. */
    static final List<Parameter<?>> ALL = List.of(
            RELAY_TARGET_SESSION_ATTRS,
            RELAY_PRIMARY_PORT,
            RELAY_STANDBY_PORT,
            RELAY_ANY_PORT,
            POOL_MODE,
            NUM_INIT_CHILDREN,
            RESERVED_CONNECTIONS,
            MAX_POOL,
            CONNECTION_CACHE,
            LISTEN_BACKLOG_MULTIPLIER,
            SERIALIZE_ACCEPT,
            CHILD_LIFE_TIME,
            CLIENT_IDLE_LIMIT,
            CHILD_MAX_CONNECTIONS,
            CONNECTION_LIFE_TIME,
            SERVER_IDLE_TIMEOUT,
            CLIENT_LOGIN_TIMEOUT,
            RESET_QUERY_LIST,
            MAX_PREPARED_STATEMENTS,
            AUTH_TYPE,
            AUTH_FILE,
            AUTH_USER,
            AUTH_QUERY,
            AUTH_DBNAME,
            SSL_CERT_FILE,
            SSL_KEY_FILE,
            SSL_CA_FILE,
            STATS_USERS);

    private RelayParameters() {}
}
