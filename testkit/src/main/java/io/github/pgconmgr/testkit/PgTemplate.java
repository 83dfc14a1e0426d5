package io.github.pgconmgr.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A data directory to copy, as initdb takes seconds: {@code build/pg/template}, made once per build. It was started once with
 * the settings of {@link PgSettings}, so its control file has them and a standby copied from it accepts them.
 *
 * <p>Shared: a file lock keeps several test JVMs apart.
 */
final class PgTemplate {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private PgTemplate() {}

    /** Copies the template to the data directory; all copies have the same system identifier. */
    static void copyTo(PgInstall install, Path data) {
        Path template = BuildFolder.build("pg/template");
        Path lockFile = BuildFolder.build("pg/template.lock");
        synchronized (PgTemplate.class) {
            try (FileChannel lock = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                lock.lock();
                if (!Files.exists(template)) {
                    Path part = BuildFolder.build("pg/template.part");
                    BuildFolder.delete(part);
                    initialise(install, part);
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
    static void initialise(PgInstall install, Path data) throws IOException {
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
        as(List.of(install.program("pg_ctl"), "-w", "-s", "-D", data.toString(), "-m", "fast", "stop"));
        Files.delete(data.resolve("first.log"));
    }

    private static void as(List<String> argv) {
        Machine.LOCAL.run(Account.POSTGRES, LIMIT, argv).expectSuccess();
    }
}
