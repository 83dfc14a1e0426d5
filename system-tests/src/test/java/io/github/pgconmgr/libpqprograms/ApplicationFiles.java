package io.github.pgconmgr.libpqprograms;

import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.LabHost;
import io.github.pgconmgr.testkit.Machine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The applications, made ready in a host's folder. Immutable. */
final class ApplicationFiles {

    /** Programs are compiled for the libpq of this machine; only PQcmSocket needs ours, by its pkg-config file. */
    private static final String COMPILE = """
            set -e
            cd "$1"
            cc="gcc -g -O1 -Wall -Wextra -Werror"
            libpq="$(pkg-config --cflags --libs libpq)"
            case $2 in
            async_use.c)
              export PKG_CONFIG_PATH=$3/lib/pkgconfig
              $cc -o $2.bin $2 $(pkg-config --define-variable=prefix=$3 --cflags --libs libpqcm) ;;
            *.pgc)
              ecpg -o $2.c $2
              $cc -o $2.bin $2.c $(pkg-config --cflags --libs libecpg) ;;
            odbc.c) $cc -o $2.bin $2 -lodbc ;;
            *.c) $cc -o $2.bin $2 $libpq ;;
            esac
            """;

    private final Path folder;

    private ApplicationFiles(Path folder) {
        this.folder = folder;
    }

    static Path installed() {
        return BuildFolder.build("stage/usr/local");
    }

    /** Copies and compiles all of them; blocks. */
    static ApplicationFiles on(LabHost host) {
        ApplicationFiles files = new ApplicationFiles(host.folder());
        files.copy("application.h");
        files.copy("application.py");
        for (Client client : Client.applications()) {
            files.copy(client.source());
            if (client.isCompiled()) {
                files.compile(client.source());
            }
        }
        return files;
    }

    private void copy(String name) {
        try (InputStream resource = ApplicationFiles.class.getResourceAsStream("/libpqprograms/" + name)) {
            if (resource == null) {
                throw new IllegalStateException("no resource " + name);
            }
            Files.copy(resource, folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy " + name, e);
        }
    }

    private void compile(String name) {
        List<String> argv = List.of(
                "bash",
                "-c",
                COMPILE,
                "compile",
                folder.toString(),
                name,
                installed().toString());
        Machine.LOCAL.run(Account.OURSELVES, argv).expectSuccess();
    }

    /** What starts the application. */
    List<String> command(Client client) {
        String file = folder.resolve(client.source()).toString();
        if (client.isCompiled()) {
            return List.of(file + ".bin");
        }
        String suffix = file.substring(file.lastIndexOf('.') + 1);
        return switch (suffix) {
            case "py" -> List.of("python3", "-B", file);
            case "pl" -> List.of("perl", file);
            case "php" -> List.of("php", file);
            case "rb" -> List.of("ruby", file);
            default -> throw new IllegalArgumentException(file);
        };
    }
}
