package io.github.pgconmgr.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A data directory to copy, as initdb takes seconds: {@code build/pg/template-15}, made once per build, and another one with
 * PL/Java and our extension for it. It was started once with
 * the settings of {@link PgSettings}, so its control file has them and a standby copied from it accepts them.
 *
 * <p>Shared: a file lock keeps several test JVMs apart.
 */
final class PgTemplate {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private PgTemplate() {}

    /** Copies the template to the data directory; all copies have the same system identifier. */
    static void copyTo(PgInstall install, JavaHost host, Path data) {
        String name = "pg/template-" + PgInstall.MAJOR + (host == JavaHost.PLJAVA ? "-pljava" : "");
        Path template = BuildFolder.build(name);
        Path lockFile = BuildFolder.build(name + ".lock");
        synchronized (PgTemplate.class) {
            try (FileChannel lock = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                lock.lock();
                if (!Files.exists(template)) {
                    Path part = BuildFolder.build(name + ".part");
                    BuildFolder.delete(part);
                    initialise(install, host, part);
                    Files.move(part, template);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot lock " + lockFile, e);
            }
        }
        // As ourselves: root keeps the owner.
        Command.run(LIMIT, List.of("cp", "-a", template.toString(), data.toString()))
                .expectSuccess();
    }

    /** Makes a data directory of its own, with a system identifier of its own; takes seconds. */
    static void initialise(PgInstall install, JavaHost host, Path data) throws IOException {
        Files.createDirectories(data);
        Account.POSTGRES.own(data);
        as(List.of(
                install.program("initdb"),
                "--pgdata=" + data,
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--wal-segsize=1",
                "--no-sync",
                "--no-instructions"));
        PgSettings.write(data, Map.of("listen_addresses", "", "unix_socket_directories", data.toString()));
        as(List.of(install.program("pg_ctl"), "-w", "-s", "-D", data.toString(), "-l", data + "/first.log", "start"));
        if (host == JavaHost.PLJAVA) {
            createExtensions(install, data);
        }
        as(List.of(install.program("pg_ctl"), "-w", "-s", "-D", data.toString(), "-m", "fast", "stop"));
        Files.delete(data.resolve("first.log"));
    }

    /** PL/Java is told by its documented setting which JVM to use: the one of this test. */
    private static void createExtensions(PgInstall install, Path data) {
        Path libjvm = Path.of(System.getProperty("java.home"), "lib/server/libjvm.so");
        List<String> psql = List.of(install.program("psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", data.toString());
        List<String> argv = new ArrayList<>(psql);
        argv.addAll(List.of("-U", "postgres", "-d", "postgres"));
        argv.addAll(List.of("-c", "SET pljava.libjvm_location = '" + libjvm + "'"));
        argv.addAll(List.of("-c", "CREATE EXTENSION watchdog_pljava CASCADE"));
        argv.addAll(List.of("-c", "ALTER DATABASE postgres SET pljava.libjvm_location = '" + libjvm + "'"));
        as(argv);
    }

    private static void as(List<String> argv) {
        Machine.LOCAL.run(Account.POSTGRES, LIMIT, argv).expectSuccess();
    }
}
