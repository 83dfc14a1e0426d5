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
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
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
            odbc*.c) $cc -o $2.bin $2 -lodbc ;;
            *.c) $cc -o $2.bin $2 $libpq ;;
            esac
            """;

    private static final String ODBC_EXAMPLE = "```ini\n";

    private static final String DATA_SOURCE = """
            [shop]
            Driver = conmgr Unicode
            Servername = localhost
            Port = CONMGR_PORT
            Database = postgres
            Username = postgres
            pqopt = target_session_attrs=primary
            """.replace("CONMGR_PORT", ProgramStage.CONMGR_PORT);

    private final Path folder;

    private ApplicationFiles(Path folder) {
        this.folder = folder;
    }

    /** Copies and compiles those of these clients; blocks. */
    static ApplicationFiles on(LabHost host, List<Client> clients) {
        ApplicationFiles files = new ApplicationFiles(host.folder());
        files.copy("application.h");
        files.copy("application.py");
        for (Client client : clients) {
            files.copy(client.source());
            if (client.isCompiled()) {
                files.compile(client.source());
            }
        }
        files.writeOdbcSettings();
        return files;
    }

    /** The drivers as docs/drivers.md has them, and a data source "shop". */
    private void writeOdbcSettings() {
        try {
            String page = Files.readString(BuildFolder.root().resolve("docs/drivers.md"));
            int begin = page.indexOf(ODBC_EXAMPLE) + ODBC_EXAMPLE.length();
            String drivers = page.substring(begin, page.indexOf("```", begin));
            Files.writeString(
                    folder.resolve("odbcinst.ini"),
                    drivers.replace("/usr/local/", BuildFolder.installed("").toString() + "/"));
            Files.writeString(folder.resolve("odbc.ini"), DATA_SOURCE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the settings of ODBC", e);
        }
    }

    private void copy(String name) {
        try (InputStream resource = ApplicationFiles.class.getResourceAsStream("/libpqprograms/" + name)) {
            if (resource == null) {
                throw new IllegalStateException("no resource " + name);
            }
            Files.copy(resource, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
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
                BuildFolder.installed("").toString());
        Machine.LOCAL.run(Account.OURSELVES, argv).expectSuccess();
    }

    /** What starts the application. */
    List<String> command(Client client) {
        String file = folder.resolve(client.source()).toString();
        if (client == Client.ODBC) {
            return withOdbcSettings(file + ".bin");
        }
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

    private List<String> withOdbcSettings(String... argv) {
        List<String> all = new ArrayList<>(List.of("env", "ODBCSYSINI=" + folder));
        all.addAll(List.of(argv));
        return all;
    }

    /** What starts odbc_info.c, which is compiled now. */
    List<String> odbcInfo(String driver, String conmgrPort, String instance, String instancePort) {
        copy("odbc_info.c");
        compile("odbc_info.c");
        return withOdbcSettings(
                folder.resolve("odbc_info.c.bin").toString(), driver, conmgrPort, instance, instancePort);
    }
}
