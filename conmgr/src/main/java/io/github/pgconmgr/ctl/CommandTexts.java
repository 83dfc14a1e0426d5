package io.github.pgconmgr.ctl;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What help and manual say of a command besides its options. Immutable.
 *
 * @param header one line
 * @param description paragraphs
 * @param exitCodes each with its meaning
 * @param examples a command line each
 */
record CommandTexts(String header, List<String> description, Map<String, String> exitCodes, List<String> examples) {

    private static final String DONE = "done";
    private static final String FAILED = "failed, or the wait limit passed; a line on stderr says which";

    static final CommandTexts ROOT = new CommandTexts(
            "Starts, stops and shows the conmgr process of a directory.",
            List.of(
                    "Each conmgr process has a directory of its own, with its conmgr.conf. Every command takes it from -D,"
                            + " or from the environment variable CMDATA. An ordinary user starts conmgr, never root. The"
                            + " commands speak to it over a socket in the directory, which answers that user and root.",
                    "conmgr also obeys signals: TERM is a smart stop, INT a fast stop, HUP a reload; QUIT makes the Java"
                            + " machine print its threads to the log and changes nothing. There is no signal for an"
                            + " immediate stop but KILL."),
            codes(
                    "0",
                    DONE,
                    "1",
                    "failed",
                    "3",
                    "status, version: no conmgr is running",
                    "4",
                    "status: no accessible directory"),
            List.of("cm_ctl COMMAND --help", "CMDATA=/srv/conmgr cm_ctl start"));

    static final CommandTexts START = new CommandTexts(
            "Starts conmgr in the background and waits for its heartbeats.",
            List.of("It returns when the heartbeat to the primary stands. When the limit passes first, cm_ctl fails but"
                    + " conmgr stays up and goes on trying."),
            codes("0", "conmgr runs, and what was waited for stands", "1", FAILED),
            List.of(
                    "cm_ctl start -D /srv/conmgr",
                    "cm_ctl start -D /srv/conmgr --complete -t 120",
                    "cm_ctl start -D /srv/conmgr -W"));

    static final CommandTexts STOP = new CommandTexts(
            "Stops conmgr and waits until its process has ended.",
            List.of(
                    "The instances take a stopped conmgr for what it is: the sessions from this host end, also those that never"
                            + " used conmgr. Use restart to keep them."),
            codes("0", "it has ended (with -W: it was told)", "1", FAILED + "; also if no conmgr is running"),
            List.of("cm_ctl stop -D /srv/conmgr", "cm_ctl stop -D /srv/conmgr -m smart -t 600"));

    static final CommandTexts RESTART = new CommandTexts(
            "Stops conmgr and starts it again.",
            List.of(
                    "conmgr.conf is checked first: with an error in it conmgr is not stopped. The instances are told that another"
                            + " conmgr follows and end no session if it is there within heartbeat_timeout; the applications that are"
                            + " connected through conmgr lose their connection to it, and so their sessions. If no conmgr is running, one is"
                            + " started."),
            codes("0", "conmgr runs, and what was waited for stands", "1", FAILED),
            List.of("cm_ctl restart -D /srv/conmgr", "cm_ctl restart -D /srv/conmgr -m smart"));

    static final CommandTexts RELOAD = new CommandTexts(
            "Makes conmgr read conmgr.conf again.",
            List.of(
                    "With any error in the file nothing changes, and all errors are shown. Changed parameters that a reload can"
                            + " change hold at once, without an end to any connection; conmgr.conf(5) marks them. Others that were"
                            + " changed are named with a WARNING and keep their value until a restart."),
            codes(
                    "0",
                    "the file was taken over, maybe with warnings",
                    "1",
                    "nothing was changed: errors in the file, or no conmgr is running"),
            List.of("cm_ctl reload -D /srv/conmgr"));

    static final CommandTexts STATUS = new CommandTexts(
            "Shows conmgr, its instances, the applications connected to it, and the pool of relayed connections.",
            List.of(
                    "The liveness of an instance is UNKNOWN (no attempt has ended yet), ALIVE, SUSPECT (the connection closed and"
                            + " the instance is being looked for; no new sessions) or DOWN.",
                    "The sessions of an instance are those of applications that conmgr sent there; server connections of the pool"
                            + " are not among them. Who is connected through the relay: psql -p PORT conmgr, SHOW CLIENTS.",
                    "The format json is one line with one object. Its members: conmgr (pid, version, directory, port, since),"
                            + " instances (number, host, port, attribute, liveness, since, timeline, lsn, round_trip_ms, replay_lag_s,"
                            + " sessions, reason, check), applications (pid, application_name, address, target_session_attrs,"
                            + " instance, since) and pool (mode, workers, busy, clients, waiting, max_server_connections,"
                            + " instances: number, in_use, cached, opening); with -i only the one asked for. What is not known is"
                            + " null. Times are RFC 3339 in UTC. Later versions may add members, and remove none."),
            codes(
                    "0", "conmgr is running",
                    "1", "it did not answer in time, or the question was wrong",
                    "3", "no conmgr is running in the directory",
                    "4", "there is no such directory, it is not accessible, or none was given"),
            List.of(
                    "cm_ctl status -D /srv/conmgr",
                    "cm_ctl status -D /srv/conmgr -i pool",
                    "cm_ctl status -D /srv/conmgr --format json"));

    static final CommandTexts TOPOLOGY = new CommandTexts(
            "Shows the instances as a picture: the primary, and who is behind it.",
            List.of(
                    "The primary stands first, its standbys below it with \"+-\", and in brackets at the end those that are no part of"
                            + " it: a stale primary, a second primary, an instance of another cluster, one that was never heard.",
                    "The lag is what the primary has written less what the standby has replayed, by the last heartbeat of each: up to"
                            + " heartbeat_interval old. It is not shown for a standby on another timeline than the primary's. The"
                            + " sessions are those that this conmgr sent there."),
            codes(
                    "0", DONE,
                    "1", "it did not answer in time",
                    "3", "no conmgr is running in the directory"),
            List.of("cm_ctl topology -D /srv/conmgr", "cm_ctl topology -D /srv/conmgr --watch"));

    static final CommandTexts FORGET_TIMELINE = new CommandTexts(
            "Makes conmgr forget which timeline is the newest.",
            List.of(
                    "conmgr remembers the highest timeline that it has seen, over its own restarts, and sends nobody to a primary on"
                            + " an older one; it also remembers the database cluster, and which instance was known first as the"
                            + " primary of that timeline. Where that is wrong, because a copy was promoted by mistake, because"
                            + " shared storage was taken over on the same timeline, or because the cluster was made anew,"
                            + " this is the way out.",
                    "Stop the instance that must not be the primary first: what an instance says while it is alive is learnt again"
                            + " at once. Applications on other hosts have conmgrs of their own, with memories of their own.",
                    "Where no conmgr is running, remove the file conmgr.timeline from the directory instead."),
            codes("0", "it was forgotten", "1", "nothing was forgotten: no --yes, or no conmgr is running"),
            List.of("cm_ctl forget-timeline -D /srv/conmgr", "cm_ctl forget-timeline -D /srv/conmgr --yes"));
    static final CommandTexts SHOW = new CommandTexts(
            "Shows every parameter of the directory's conmgr.conf.",
            List.of(
                    "Its value, its default, the line that sets it, and whether a change takes a reload or a restart. It is the"
                            + " file that is shown: a conmgr that runs may still have older values, until a reload or restart."),
            codes("0", DONE, "1", "the file cannot be used, or there is no such parameter"),
            List.of("cm_ctl show -D /srv/conmgr", "cm_ctl show -D /srv/conmgr heartbeat_timeout"));

    static final CommandTexts CHECK = new CommandTexts(
            "Tells what is wrong with a configuration file; starts nothing.",
            List.of("All errors are shown together, each with its line."),
            codes("0", "it can be used, perhaps with warnings", "1", "it cannot"),
            List.of("cm_ctl check -D /srv/conmgr", "cm_ctl check ./conmgr.conf.new"));

    static final CommandTexts VERSION = new CommandTexts(
            "Shows the versions of cm_ctl and of the conmgr that runs.",
            List.of("Without a directory only its own."),
            codes("0", DONE, "1", "it did not answer in time", "3", "no conmgr is running in the directory"),
            List.of("cm_ctl version -D /srv/conmgr"));

    void describe(CommandSpec spec) {
        spec.usageMessage()
                .header(header)
                .description(
                        description.stream().map(paragraph -> paragraph + "%n").toArray(String[]::new))
                .synopsisHeading("%nUsage: ")
                .descriptionHeading("%n")
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(exitCodes)
                .footerHeading("%nExamples:%n")
                .footer(examples.stream().map(line -> "  " + line).toArray(String[]::new));
    }

    /** Pairs of code and meaning, in order. */
    private static Map<String, String> codes(String... pairs) {
        Map<String, String> codes = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            codes.put(pairs[i], pairs[i + 1]);
        }
        return codes;
    }
}
