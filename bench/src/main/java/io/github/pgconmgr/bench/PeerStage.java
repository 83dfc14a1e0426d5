package io.github.pgconmgr.bench;

import io.github.pgconmgr.bench.load.BlockedQuery;
import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.LabHost;
import io.github.pgconmgr.testkit.PgInstall;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * A primary on db1, its standby on db2, an application host with the programs that stand in between, and a second one whose kernel has keepalive
 * times of its own.
 *
 * <p>Confined to the main thread. {@link #close} ends everything.
 */
final class PeerStage implements AutoCloseable {

    static final int RELAY_PORT = 27547;

    private static final String OWN_HOST = "app2";
    private final Stage stage;
    private final PgInstance standby;
    private final Map<PeerWay.Program, Program> programs = new EnumMap<>(PeerWay.Program.class);

    PeerStage() {
        stage = new Stage(400, Map.of(), OWN_HOST);
        try {
            standby = stage.story().startStandby(stage.primary());
            stage.story()
                    .lab()
                    .host(OWN_HOST)
                    .exec(
                            "sysctl",
                            "-q",
                            "-w",
                            "net.ipv4.tcp_keepalive_time=1",
                            "net.ipv4.tcp_keepalive_intvl=1",
                            "net.ipv4.tcp_keepalive_probes=2")
                    .expectSuccess();
            writeFiles();
        } catch (Throwable e) {
            stage.close();
            throw e;
        }
    }

    Stage stage() {
        return stage;
    }

    List<PeerWay> ways() {
        return PeerWay.all(
                stage.primary().address(), standby.address(), stage.primary().port());
    }

    LabHost host(PeerWay way) {
        return way.ownHost()
                ? stage.story().lab().host(OWN_HOST)
                : stage.story().app();
    }

    private Path folder() {
        return stage.story().app().folder().resolve("peers");
    }

    private void writeFiles() {
        Map<String, String> files = PeerFaultFiles.all(
                stage.primary().address(), standby.address(), stage.primary().port(), folder());
        try {
            Files.createDirectory(folder());
            for (Map.Entry<String, String> file : files.entrySet()) {
                Account.NOBODY.own(Files.writeString(folder().resolve(file.getKey()), file.getValue()));
            }
            Account.NOBODY.own(folder());
            stage.story().configureConmgr(1000, 3000, stage.primary(), standby);
            Files.writeString(
                    stage.story().conmgrFolder().resolve("conmgr.conf"),
                    "relay_any_port = " + RELAY_PORT + "\n",
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the programs' files", e);
        }
    }

    /** Starts what stands in between; blocks until it serves. */
    void start(PeerWay.Program program) {
        switch (program) {
            case NONE -> {}
            case HAPROXY -> run(program, "/usr/sbin/haproxy", "-db", "-f", file("haproxy.cfg"));
            case PGPOOL ->
                run(
                        program,
                        "/usr/sbin/pgpool",
                        "-n",
                        "-D",
                        "-f",
                        file("pgpool.conf"),
                        "-a",
                        file("pool_hba.conf"),
                        "-F",
                        file("pcp.conf"));
            case PGBOUNCER -> run(program, "/usr/sbin/pgbouncer", "-q", file("pgbouncer.ini"));
            case CONMGR -> stage.story().cmCtl("start").expectSuccess();
        }
    }

    private void run(PeerWay.Program program, String... argv) {
        long app = stage.story().app().initPid();
        if (ProcFs.someoneListens(app, port(program))) {
            throw new AssertionError(program + " has left something behind that listens");
        }
        programs.put(program, stage.story().app().start(Account.NOBODY, program.name(), List.of(argv)));
        Await.until(program + " listens", Stage.LIMIT, () -> ProcFs.someoneListens(app, port(program)));
    }

    private static int port(PeerWay.Program program) {
        return switch (program) {
            case HAPROXY -> 5000;
            case PGPOOL -> 9999;
            case PGBOUNCER -> 6432;
            case CONMGR -> 27546;
            case NONE -> 0;
        };
    }

    void stop(PeerWay.Program program) {
        if (program == PeerWay.Program.CONMGR) {
            stage.story().cmCtl("stop").expectSuccess();
        }
        Program running = programs.remove(program);
        if (running != null) {
            // Each one's fast stop. Killed, Pgpool-II leaves children behind that serve on unchecked.
            running.signal(program == PeerWay.Program.PGPOOL ? "INT" : "TERM");
            running.awaitExit(Stage.LIMIT);
        }
    }

    private String file(String name) {
        return folder().resolve(name).toString();
    }

    /** An application that waits for orders. */
    LoadProcess application(PeerWay way) {
        String address = stage.primary().address();
        if (way.client() == PeerWay.Client.JDBC) {
            return stage.start(host(way), BlockedQuery.class, way.url(), address);
        }
        String psql = String.join(" ", psql(way)) + " '" + way.url() + "' -XAtq";
        String loop = String.format(Locale.ROOT, """
                        while read -r line; do
                          while %1$s -c "SELECT CASE WHEN host(inet_server_addr()) = '%2$s' THEN pg_sleep(3600) END"; do :; done
                          echo GONE ${EPOCHREALTIME/./}
                          until %1$s -c 'SELECT 1'; do sleep 0.05; done
                          echo BACK ${EPOCHREALTIME/./}
                        done
                        """, psql, address);
        return stage.start(host(way), "psql", List.of("env", "HOME=" + folder(), "bash", "-c", loop));
    }

    private static List<String> psql(PeerWay way) {
        List<String> argv = new ArrayList<>();
        if (way.client() == PeerWay.Client.LIBPQCM) {
            argv.add(BuildFolder.installed("bin/conmgr-exec").toString());
        }
        argv.add(PgInstall.current().program("psql"));
        return argv;
    }

    /** A psql that does nothing. */
    LoadProcess idlePsql(PeerWay way) {
        List<String> argv = new ArrayList<>(List.of("env", "HOME=" + folder()));
        argv.addAll(psql(way));
        argv.addAll(List.of(way.url(), "-XAtq"));
        LoadProcess psql = stage.start(host(way), "idle-psql", argv);
        psql.tell("SELECT 'IDLE';");
        psql.await("IDLE", 1);
        return psql;
    }

    /** CPU time so far of what stands in between, in nanoseconds. */
    long programCpuNanos(PeerWay.Program program) {
        if (program == PeerWay.Program.CONMGR) {
            return ProcFs.cpuNanos(stage.conmgr());
        }
        Program running = programs.get(program);
        if (running == null) {
            return 0;
        }
        return LongStream.concat(
                        LongStream.of(running.pid()),
                        ProcFs.children(running.pid()).stream().mapToLong(Long::longValue))
                .map(ProcFs::cpuNanos)
                .sum();
    }

    @Override
    public void close() {
        programs.values().forEach(Program::close);
        stage.close();
    }
}
