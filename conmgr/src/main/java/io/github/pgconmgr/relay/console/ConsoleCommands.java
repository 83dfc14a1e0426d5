package io.github.pgconmgr.relay.console;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** What the console understands. Immutable: a command gives an outcome from a picture, and changes nothing. */
final class ConsoleCommands {

    private static final String SYNTAX_ERROR = "42601";
    private static final String NOT_SUPPORTED = "0A000";
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final Pattern END = Pattern.compile("[\\s;]+$");

    /** At most so much of a wrong command is told back. */
    private static final int MAX_ECHO = 60;

    private static final Map<String, Function<RelayPicture, Table>> VIEWS = Map.ofEntries(
            Map.entry("clients", ConnectionViews::clients),
            Map.entry("config", PoolViews::config),
            Map.entry("databases", PoolViews::databases),
            Map.entry("lists", PoolViews::lists),
            Map.entry("pool_cache", PgpoolViews::cache),
            Map.entry("pool_nodes", PgpoolViews::nodes),
            Map.entry("pool_pools", PgpoolViews::pools),
            Map.entry("pool_processes", PgpoolViews::processes),
            Map.entry("pool_version", PgpoolViews::version),
            Map.entry("pools", PoolViews::pools),
            Map.entry("servers", ConnectionViews::servers),
            Map.entry("state", PoolViews::state),
            Map.entry("stats", StatisticsViews::stats),
            Map.entry("stats_averages", StatisticsViews::averages),
            Map.entry("stats_totals", StatisticsViews::totals),
            Map.entry("totals", StatisticsViews::sums),
            Map.entry("users", PoolViews::users),
            Map.entry("version", PoolViews::version));

    /** What drivers ask a server for on their own. */
    private static final Map<String, String> SESSION = new TreeMap<>(Map.of(
            "client_encoding", "UTF8",
            "datestyle", "ISO, MDY",
            "default_transaction_isolation", "read committed",
            "server_version", ConsoleGreeting.SERVER_VERSION,
            "standard_conforming_strings", "on",
            "timezone", "UTC",
            "transaction isolation level", "read committed",
            "transaction_isolation", "read committed"));

    private static final Map<String, String> NOTHING_TO_DO = Map.ofEntries(
            Map.entry("begin", "BEGIN"),
            Map.entry("start transaction", "BEGIN"),
            Map.entry("commit", "COMMIT"),
            Map.entry("end", "COMMIT"),
            Map.entry("rollback", "ROLLBACK"),
            Map.entry("abort", "ROLLBACK"),
            Map.entry("discard all", "DISCARD ALL"),
            Map.entry("reset all", "RESET"),
            Map.entry("deallocate all", "DEALLOCATE ALL"));

    private final Supplier<RelayPicture> pictures;

    ConsoleCommands(Supplier<RelayPicture> pictures) {
        this.pictures = pictures;
    }

    Outcome run(String sql) throws ConsoleException {
        String command = BLANKS.matcher(END.matcher(sql).replaceFirst(""))
                .replaceAll(" ")
                .strip();
        String words = command.toLowerCase(Locale.ROOT);
        String done = NOTHING_TO_DO.get(words);
        if (words.isEmpty()) {
            return Outcome.EMPTY;
        } else if (done != null) {
            return Outcome.done(done);
        } else if (words.startsWith("begin ") || words.startsWith("start transaction ")) {
            return Outcome.done("BEGIN");
        } else if (words.startsWith("show ")) {
            return show(words.substring("show ".length()), command);
        } else if (words.startsWith("set ")) {
            return new Outcome(
                    null,
                    "SET",
                    "SET has no effect here",
                    "To change a parameter, edit conmgr.conf and run cm_ctl reload.");
        } else if (words.equals("select 1")) {
            return new Outcome(new Table().int4("?column?").row(1), "SELECT 1", "", "");
        } else if (words.equals("select version()") || words.equals("select pg_catalog.version()")) {
            return new Outcome(
                    new Table().text("version").row("conmgr " + pictures.get().version()), "SELECT 1", "", "");
        }
        throw unknown(words, command);
    }

    private Outcome show(String name, String command) throws ConsoleException {
        Function<RelayPicture, Table> view = VIEWS.get(name);
        String setting = SESSION.get(name);
        if (view != null) {
            return Outcome.of(view.apply(pictures.get()));
        } else if (setting != null) {
            return Outcome.of(new Table().text(name.replace(' ', '_')).row(setting));
        } else if (name.equals("help")) {
            return new Outcome(null, "SHOW", "Console usage", help());
        }
        throw unknown(name, command);
    }

    static String help() {
        return "\n\tSHOW HELP|"
                + String.join("|", new TreeMap<>(VIEWS).keySet()).toUpperCase(Locale.ROOT)
                + "\n\tTo change something: cm_ctl.";
    }

    private static ConsoleException unknown(String words, String command) {
        String first = words.split(" ", 2)[0];
        String shown = command.length() <= MAX_ECHO ? command : command.substring(0, MAX_ECHO) + "...";
        return switch (first) {
            case "disable",
                    "enable",
                    "kill",
                    "kill_client",
                    "pause",
                    "reconnect",
                    "reload",
                    "resume",
                    "shutdown",
                    "suspend",
                    "wait_close" ->
                new ConsoleException(
                        NOT_SUPPORTED,
                        first.toUpperCase(Locale.ROOT) + " is not available here",
                        "This console only shows; cm_ctl reload and cm_ctl stop change something.");
            case "fds", "mem", "sockets", "active_sockets", "dns_hosts", "dns_zones", "peers", "peer_pools" ->
                new ConsoleException(
                        NOT_SUPPORTED, "SHOW " + first.toUpperCase(Locale.ROOT) + " is not available here", "");
            default ->
                new ConsoleException(
                        SYNTAX_ERROR, "invalid command \"" + shown + "\"", "SHOW HELP lists the commands.");
        };
    }
}
