package io.github.pgconmgr.bench;

import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.LabHost;
import io.github.pgconmgr.testkit.PgInstall;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * One server on db1 and the programs that stand before it, all running on the application host as an ordinary user.
 *
 * <p>Confined to the main thread. {@link #close} ends everything.
 */
final class Contenders implements AutoCloseable {

    private static final int SCALE = 5;
    /** Each pool may keep all its server connections while the others are measured. */
    private static final int POOLS = 5;
    /** Clients that come without a pool. */
    private static final int DIRECT_CLIENTS = 250;

    private final PoolSetup setup;
    private final Stage stage;
    private final Map<Contender, Program> programs = new EnumMap<>(Contender.class);

    /** Starts the server, and those of the contenders that are programs; blocks until all serve. */
    Contenders(PoolSetup setup, List<Contender> contenders) {
        this.setup = setup;
        int connections = POOLS * setup.serverConnections() + DIRECT_CLIENTS;
        this.stage = new Stage(connections, Map.of("shared_buffers", "256MB", "max_wal_size", "1GB"));
        try {
            prepareServer();
            PeerFiles files = new PeerFiles(
                    setup, stage.primary().address(), stage.primary().port(), verifier(), folder());
            write(files);
            for (Contender contender : contenders) {
                start(contender, files);
            }
            for (Contender contender : contenders) {
                Await.until(contender + " serves", Stage.LIMIT, () -> serves(contender));
            }
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    Stage stage() {
        return stage;
    }

    LabHost host() {
        return stage.story().app();
    }

    private Path folder() {
        return host().folder().resolve("peers");
    }

    private void prepareServer() {
        PgInstance server = stage.primary();
        server.sql("CREATE ROLE " + PoolSetup.USER + " LOGIN PASSWORD '" + PoolSetup.PASSWORD + "'");
        server.sql("CREATE DATABASE " + PoolSetup.DATABASE + " OWNER " + PoolSetup.USER);
        if (setup.isScram()) {
            try {
                Files.writeString(
                        server.data().resolve("pg_hba.conf"), "local all all trust\nhost all all all scram-sha-256\n");
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write pg_hba.conf", e);
            }
            server.reload();
        }
        // A connection per transaction leaves its port behind; Debian's range ends after some seconds of that.
        host().exec("sysctl", "-q", "-w", "net.ipv4.ip_local_port_range=10000 65535", "net.ipv4.tcp_tw_reuse=1")
                .expectSuccess();
        host().run(Account.NOBODY, Stage.LIMIT, pgbench(Contender.DIRECT, "-i", "-q", "-s", Integer.toString(SCALE)))
                .expectSuccess();
        server.sql("CHECKPOINT");
    }

    private String verifier() {
        return stage.primary().sql("SELECT rolpassword FROM pg_authid WHERE rolname = '" + PoolSetup.USER + "'");
    }

    private void write(PeerFiles files) {
        try {
            Files.createDirectory(folder());
            for (Map.Entry<String, String> file : files.all().entrySet()) {
                Path path = Files.writeString(folder().resolve(file.getKey()), file.getValue());
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
                Account.NOBODY.own(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the peers' files", e);
        }
        // Pgpool-II writes its own files beside them.
        Account.NOBODY.own(folder());
    }

    private void start(Contender contender, PeerFiles files) {
        switch (contender) {
            case DIRECT, AGAIN -> {}
            case OURS -> startConmgr(files);
            case PGBOUNCER -> start(contender, "/usr/sbin/pgbouncer", "-q", file("pgbouncer.ini"));
            case PGPOOL ->
                start(
                        contender,
                        "/usr/sbin/pgpool",
                        "-n",
                        "-f",
                        file("pgpool.conf"),
                        "-a",
                        file("pool_hba.conf"),
                        "-F",
                        file("pcp.conf"));
            case HAPROXY -> start(contender, "/usr/sbin/haproxy", "-db", "-f", file("haproxy.cfg"));
        }
    }

    private void start(Contender contender, String... argv) {
        programs.put(contender, host().start(Account.NOBODY, contender.name(), List.of(argv)));
    }

    private String file(String name) {
        return folder().resolve(name).toString();
    }

    private void startConmgr(PeerFiles files) {
        stage.story().configureConmgr(1000, 20_000, stage.primary());
        try {
            Path conf = stage.story().conmgrFolder().resolve("conmgr.conf");
            Files.writeString(conf, files.conmgr(), StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write conmgr.conf", e);
        }
        stage.story().cmCtl("start").expectSuccess();
    }

    private boolean serves(Contender contender) {
        List<String> argv = new ArrayList<>(client("psql"));
        argv.addAll(List.of("-XAtq", conninfo(contender), "-c", "SELECT 1"));
        return host().run(Account.NOBODY, argv).exit() == 0;
    }

    /** CPU time that the program has used so far, in nanoseconds; 0 for the direct way. */
    long cpuNanos(Contender contender) {
        return switch (contender) {
            case DIRECT -> 0;
            case OURS, PGBOUNCER, AGAIN, HAPROXY -> ProcFs.cpuNanosWithEnded(pid(contender));
            case PGPOOL ->
                // Many processes, so many ticks begun: the scheduler's count is finer.
                ProcFs.cpuNanos(pid(contender))
                        + ProcFs.children(pid(contender)).stream()
                                .mapToLong(ProcFs::cpuNanos)
                                .sum();
        };
    }

    /** The pid of its (first) process. */
    long pid(Contender contender) {
        if (contender == Contender.OURS) {
            return stage.conmgr();
        }
        Program program = programs.get(contender.program());
        if (program == null) {
            throw new IllegalArgumentException(contender + " is no program");
        }
        return program.pid();
    }

    /** The command line of a pgbench that goes that way. */
    List<String> pgbench(Contender way, String... options) {
        List<String> argv = new ArrayList<>(client("pgbench"));
        argv.addAll(List.of(options));
        argv.add(conninfo(way));
        return argv;
    }

    /** The command line of one of PostgreSQL's clients. */
    List<String> client(String program) {
        // Not the home of whoever measures: libpq looks for certificates there.
        return List.of(
                "env",
                "HOME=" + host().folder(),
                "PGPASSWORD=" + PoolSetup.PASSWORD,
                PgInstall.current().program(program));
    }

    /** Where that way begins. */
    String conninfo(Contender way) {
        String address = way == Contender.DIRECT ? stage.primary().address() : "127.0.0.1";
        return "host=" + address + " port=" + way.port() + " user=" + PoolSetup.USER + " dbname=" + PoolSetup.DATABASE
                + " sslmode=disable gssencmode=disable";
    }

    @Override
    public void close() {
        programs.values().forEach(Program::close);
        stage.close();
    }
}
