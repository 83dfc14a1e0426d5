package io.github.pgconmgr.config;

import io.github.pgconmgr.log.LogDestination;
import io.github.pgconmgr.log.Severity;
import io.github.pgconmgr.log.SyslogFacility;
import io.github.pgconmgr.log.SyslogFormat;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The table of conmgr.conf's parameters: the one place that spells their names. Parser, validation, the sample file and the
 * test of the defaults come from it (style rule 15; C1 to C5); those of the relay stand in {@link RelayParameters}. Immutable.
 */
public final class Parameters {

    private static final int MAX_SOCKET_PATH_BYTES = 107;

    /** The drivers' own limits in stage 1 are a little longer. */
    private static final int MAX_ROUTE_WAIT_MILLIS = 60_000;

    private static final int MAX_CHECK_INTERVAL_MILLIS = 3_600_000;

    private static final DurationType DURATION = new DurationType();
    private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_.])?");

    private static final TextType HOST =
            new TextType("a host name, an IPv4 or an IPv6 address", Parameters::isHostOrAddress);
    private static final TextType NUMERIC_ADDRESS =
            new TextType("a numeric IPv4 or IPv6 address", NumericAddress::isNumeric);
    private static final TextType LISTEN_ADDRESS = new TextType(
            "\"*\", a host name, an IPv4 or an IPv6 address", text -> text.equals("*") || isHostOrAddress(text));

    /** The name ends at a blank, a colon or a bracket for whoever reads it; 48 is RFC 5424's limit. */
    private static final Pattern SYSLOG_NAME_PATTERN = Pattern.compile("[!-9;-Z\\\\^-~]{1,48}");

    private static final TextType SYSLOG_NAME = new TextType(
            "1 to 48 characters of printable ASCII without blanks, \":\", \"[\" and \"]\"",
            text -> SYSLOG_NAME_PATTERN.matcher(text).matches());

    /** A socket's path has a limit of the kernel's. */
    private static final TextType SOCKET_PATH = new TextType(
            "an absolute path of at most " + MAX_SOCKET_PATH_BYTES + " bytes",
            text -> text.startsWith("/") && text.getBytes(StandardCharsets.UTF_8).length <= MAX_SOCKET_PATH_BYTES);

    static final Parameter<Integer> PORT =
            Parameter.once("port", IntegerType.PORT, "27546", "The port on which conmgr waits for applications.");

    static final Parameter<List<String>> LISTEN_ADDRESSES = Parameter.once(
            "listen_addresses",
            new ListType<>(LISTEN_ADDRESS),
            "localhost",
            "Where conmgr listens: names or addresses with commas between them, * for every address. A conmgr belongs on"
                    + " the host of its applications; anything but the local host is for tests.");

    static final Parameter<Integer> MAX_CONNECTIONS = Parameter.reloadable(
            "max_connections",
            new IntegerType(0, Integer.MAX_VALUE),
            "0",
            "Most connections of applications at one time; 0 is no limit. One too many is closed at once without a"
                    + " message to the application, and logged at level LOG. A reload to a lower value closes nobody who"
                    + " is there.");

    static final Parameter<String> BACKEND_HOST = Parameter.perInstance(
            "backend_host", HOST, "", "Host of an instance, a name or an address. A name is resolved at each attempt.");

    static final Parameter<String> BACKEND_HOSTADDR = Parameter.perInstance(
            "backend_hostaddr",
            NUMERIC_ADDRESS,
            "",
            "Numeric address of an instance: no name resolution. If both are given it wins over backend_host, which is"
                    + " then only the name for TLS and .pgpass.");

    static final Parameter<Integer> BACKEND_PORT =
            Parameter.perInstance("backend_port", IntegerType.PORT, "27500", "The port of the instance's postmaster.");

    static final Parameter<Integer> WATCHDOG_PORT = Parameter.perInstance(
            "watchdog_port",
            IntegerType.PORT,
            "27545",
            "The port of the instance's watchdog: the same value as its watchdog.port. Not used with backend_check = sql.");

    static final Parameter<CheckMode> BACKEND_CHECK = Parameter.perInstance(
            "backend_check",
            new EnumType<>(CheckMode.class),
            "watchdog",
            "Who tells conmgr of the instance: its watchdog; or the instance itself, asked by SQL every check_interval, for"
                    + " one that has no watchdog; or both, where SQL confirms what the watchdog says, and the more careful"
                    + " answer wins. With sql alone the instance does not learn of a dead application host: nobody ends"
                    + " its sessions.");

    static final Parameter<CheckConninfo> CHECK_CONNINFO = Parameter.perInstance(
            "check_conninfo",
            new ConninfoType(),
            "",
            "How conmgr connects for its checks by SQL, as a libpq connection string without host and port, such as"
                    + " 'user=conmgr passfile=passfile'. The role needs no privilege but CONNECT; pg_monitor lets conmgr know a"
                    + " standby's timeline sooner. A password stands in passfile, which has the form of .pgpass and belongs"
                    + " to nobody but its owner; it is read anew at each attempt. File names are relative to the conmgr directory."
                    + " dbname is postgres if it is not given, sslmode prefer.");

    static final Parameter<Integer> HEARTBEAT_INTERVAL = Parameter.reloadable(
            "heartbeat_interval",
            DURATION,
            "10",
            "Time between two heartbeats, in seconds. The watchdog uses the same value towards this conmgr.");

    static final Parameter<Integer> HEARTBEAT_TIMEOUT = Parameter.reloadable(
            "heartbeat_timeout",
            DURATION,
            "20",
            "Silence longer than this, in seconds, is a dead peer, on either side. It must be longer than"
                    + " heartbeat_interval, or every instance is always judged abnormal.");

    static final Parameter<Integer> HEARTBEAT_CONNECT_INTERVAL = Parameter.reloadable(
            "heartbeat_connect_interval",
            DURATION,
            "1",
            "Wait after a failed attempt to reach a watchdog, in seconds, counted from the end of that attempt.");

    static final Parameter<Integer> HEARTBEAT_CONNECT_TIMEOUT = Parameter.reloadable(
            "heartbeat_connect_timeout",
            DURATION,
            "10",
            "Limit of one such attempt, in seconds: TCP connect, first heartbeat and its answer.");

    static final Parameter<Integer> CHECK_INTERVAL = Parameter.reloadable(
            "check_interval",
            WaitType.somethingInMillis(MAX_CHECK_INTERVAL_MILLIS),
            "1s",
            "Time between two checks by SQL of an instance, in milliseconds. A promotion is noticed this late at most. It must be"
                    + " shorter than heartbeat_timeout, or every instance with backend_check = sql is always judged"
                    + " abnormal.");

    static final Parameter<Integer> ROUTE_WAIT = Parameter.reloadable(
            "route_wait",
            WaitType.millis(MAX_ROUTE_WAIT_MILLIS),
            "0",
            "How long an application's question is held for which no instance fits, in milliseconds; it is answered the moment"
                    + " one does. 0 refuses at once. With 10s a switchover is a pause for new connections, not an error; but"
                    + " who asks for what does not exist waits, too. The driver gives up at its own limit: for JDBC that is"
                    + " connectTimeout (10 s by default) or loginTimeout.");

    static final Parameter<LagLimit> MAX_STANDBY_LAG = Parameter.reloadable(
            "max_standby_lag",
            new LagType(),
            "off",
            "A standby that is further behind than this gets no sessions of target_session_attrs standby, prefer-standby and"
                    + " read-only; any ignores it. A number of bytes of WAL with a unit (16MB), replayed compared with"
                    + " written. Both are as old as the last heartbeat, up to heartbeat_interval each: what the primary"
                    + " writes in that time is the error. Or a time (30s), by conmgr's clock: a standby gets sessions only"
                    + " if it is certain that it has all that the primary had written that long ago. That needs backend_check"
                    + " sql or both for every instance, and at least three times check_interval; where no primary has answered"
                    + " for that long, nothing is certain, and no standby fits.");

    static final Parameter<Switch> FENCE_SESSIONS = Parameter.reloadable(
            "fence_sessions",
            new EnumType<>(Switch.class),
            "off",
            "Whether the existing sessions of a primary that becomes stale are told, so that their applications connect"
                    + " again. New ones never go there. Off, because a copy that was promoted by mistake has the higher"
                    + " timeline too, and makes the right primary stale.");

    static final Parameter<String> WATCHDOG_SECRET_FILE = Parameter.once(
            "watchdog_secret_file",
            TextType.PATH,
            "",
            "File with the secret that this conmgr and the watchdogs share, the same bytes as in each instance's"
                    + " watchdog.secret_file: 16 to 1024, one line end behind them is left out. Relative to the conmgr"
                    + " directory; nobody but its owner may have access to it. Without it conmgr believes whoever answers on"
                    + " watchdog_port.");

    static final Parameter<List<LogDestination>> LOG_DESTINATION = Parameter.reloadable(
            "log_destination",
            new ListType<>(new EnumType<>(LogDestination.class)),
            "stderr",
            "Where messages go; both with a comma between them. cm_ctl start sends stderr to conmgr.log in the conmgr"
                    + " directory. What ends conmgr (FATAL) goes to stderr as well, whatever stands here.");

    static final Parameter<SyslogFacility> SYSLOG_FACILITY = Parameter.reloadable(
            "syslog_facility",
            new EnumType<>(SyslogFacility.class),
            "LOCAL0",
            "The facility of messages to syslog. Without syslog in log_destination it has no effect.");

    static final Parameter<String> SYSLOG_IDENT =
            Parameter.reloadable("syslog_ident", SYSLOG_NAME, "conmgr", "The program's name in messages to syslog.");

    static final Parameter<SyslogFormat> SYSLOG_FORMAT = Parameter.reloadable(
            "syslog_format",
            new EnumType<>(SyslogFormat.class),
            "RFC3164",
            "How messages to syslog are written. RFC3164 is what the C library writes and every syslog daemon reads."
                    + " RFC5424 has milliseconds and the zone; rsyslogd reads it only where its input has"
                    + " UseSpecialParser=\"off\".");

    static final Parameter<String> SYSLOG_SOCKET = Parameter.reloadable(
            "syslog_socket",
            SOCKET_PATH,
            "/dev/log",
            "The syslog daemon's socket (datagrams). While nobody reads it, messages wait, up to a limit; how many were"
                    + " lost is reported as soon as somebody does.");

    static final Parameter<Severity> LOG_MIN_MESSAGES = Parameter.reloadable(
            "log_min_messages",
            new EnumType<>(Severity.class),
            "WARNING",
            "Messages below this level are not written. The levels are listed lowest first.");

    private static final List<Parameter<?>> BEFORE_THE_RELAY = List.of(
            PORT,
            LISTEN_ADDRESSES,
            MAX_CONNECTIONS,
            BACKEND_HOST,
            BACKEND_HOSTADDR,
            BACKEND_PORT,
            WATCHDOG_PORT,
            BACKEND_CHECK,
            CHECK_CONNINFO,
            HEARTBEAT_INTERVAL,
            HEARTBEAT_TIMEOUT,
            HEARTBEAT_CONNECT_INTERVAL,
            HEARTBEAT_CONNECT_TIMEOUT,
            CHECK_INTERVAL,
            ROUTE_WAIT,
            MAX_STANDBY_LAG,
            FENCE_SESSIONS,
            WATCHDOG_SECRET_FILE);

    private static final List<Parameter<?>> BEHIND_THE_RELAY =
            List.of(LOG_DESTINATION, LOG_MIN_MESSAGES, SYSLOG_FACILITY, SYSLOG_IDENT, SYSLOG_FORMAT, SYSLOG_SOCKET);

    /** Every parameter, in the order of the sample file. */
    public static final List<Parameter<?>> ALL = Stream.of(BEFORE_THE_RELAY, RelayParameters.ALL, BEHIND_THE_RELAY)
            .<Parameter<?>>flatMap(List::stream)
            .toList();

    private Parameters() {}

    private static boolean isHostOrAddress(String text) {
        return HOST_NAME.matcher(text).matches() || NumericAddress.isIpv6(text);
    }
}
