package io.github.pgconmgr.bench;

import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.LabHost;
import io.github.pgconmgr.testkit.PgInstall;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** pgbench on the application host, through conmgr-exec and conmgr or straight to the instance. Confined to the main thread. */
final class Pgbench {

    private static final String CLIENTS = "16";
    private static final String TIMED = "TIMEFORMAT='%3U %3S'; time \"$@\"";
    /** Transactions of each client in callgrind: the difference of two runs has neither start nor end in it. */
    private static final int FEW = 50;

    private static final int MANY = 250;
    /** Likewise for memory. */
    private static final int FEW_SESSIONS = 20;

    private static final int MANY_SESSIONS = 220;
    /** What the instance must admit. */
    static final int MAX_CONNECTIONS = MANY_SESSIONS + 80;

    private static final String SLEEP = "SELECT pg_sleep(600)";

    private final Stage stage;
    private final LabHost host;

    /** With pgbench's tables at that stage's primary. */
    Pgbench(Stage stage) {
        this.stage = stage;
        this.host = stage.story().app();
        finish(command(Way.DIRECT, List.of(), "-i", "-q"));
    }

    /** 16 clients for so many seconds. */
    PgbenchRun select(Way way, int seconds, String... options) {
        List<String> argv = new ArrayList<>(List.of("bash", "-c", TIMED, "bash"));
        argv.addAll(command(way, List.of(), options));
        Collections.addAll(argv, "-n", "-S", "-c", CLIENTS, "-T", Integer.toString(seconds));
        Finished finished = finish(argv);
        return PgbenchRun.read(finished.out(), finished.err());
    }

    /** User instructions of pgbench for a transaction of {@code -S -M prepared}, 16 clients. */
    double instructions(Way way) {
        return (instructions(way, MANY) - instructions(way, FEW)) / ((MANY - FEW) * Double.parseDouble(CLIENTS));
    }

    private double instructions(Way way, int transactions) {
        List<String> callgrind = List.of("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--vgdb=no");
        List<String> argv = command(way, callgrind, "-n", "-S", "-M", "prepared", "-c", CLIENTS);
        Collections.addAll(argv, "-t", Integer.toString(transactions));
        return PgbenchRun.instructions(finish(argv).err());
    }

    /** KiB that another connection has allocated, when all of them wait in a statement; as memcheck counts, so exact. */
    double allocatedKibibytes(Way way) {
        return (allocated(way, MANY_SESSIONS) - allocated(way, FEW_SESSIONS)) / 1024 / (MANY_SESSIONS - FEW_SESSIONS);
    }

    private double allocated(Way way, int sessions) {
        LoadProcess load = sleeping(way, List.of("valgrind", "--tool=memcheck", "--vgdb=no"), sessions);
        load.terminate();
        wake();
        return PgbenchRun.allocated(load.text());
    }

    /** KiB of anonymous memory in use by another connection: whole pages, and what malloc makes of them. */
    double residentKibibytes(Way way) {
        return (resident(way, MANY_SESSIONS) - resident(way, FEW_SESSIONS)) / (MANY_SESSIONS - FEW_SESSIONS);
    }

    private double resident(Way way, int sessions) {
        LoadProcess load = sleeping(way, List.of(), sessions);
        double megabytes = ProcFs.megabytes(load.pid(), "smaps_rollup", "Anonymous");
        wake();
        return 1024 * megabytes;
    }

    private LoadProcess sleeping(Way way, List<String> under, int sessions) {
        String script = "exec \"$@\" <<<'" + SLEEP + ";'";
        List<String> argv = new ArrayList<>(List.of("bash", "-c", script, "bash"));
        argv.addAll(command(way, under, "-n", "-f", "-", "-c", Integer.toString(sessions)));
        LoadProcess load = stage.start(host, "pgbench", argv);
        stage.awaitBusySessions(host, sessions);
        return load;
    }

    private void wake() {
        stage.primary().sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '" + SLEEP + "%'");
        stage.awaitBusySessions(host, 0);
    }

    private Finished finish(List<String> argv) {
        return host.run(Account.NOBODY, Stage.LIMIT, argv).expectSuccess();
    }

    /** The command line, with {@code under} before pgbench; options may follow. */
    private List<String> command(Way way, List<String> under, String... options) {
        // Not the home of whoever measures: libpq looks for certificates there.
        List<String> argv = new ArrayList<>(List.of("env", "HOME=" + host.folder()));
        if (way == Way.OURS) {
            argv.add(BuildFolder.installed("bin/conmgr-exec").toString());
        }
        argv.addAll(under);
        argv.add(PgInstall.current().program("pgbench"));
        argv.add(conninfo(way));
        Collections.addAll(argv, options);
        return argv;
    }

    private String conninfo(Way way) {
        String where = way == Way.OURS
                ? "host=localhost port=" + Story.CONMGR_PORT
                : "host=" + stage.primary().address() + " port="
                        + stage.primary().port();
        return where + " user=postgres dbname=postgres target_session_attrs=primary";
    }
}
