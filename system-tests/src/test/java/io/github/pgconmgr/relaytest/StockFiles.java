package io.github.pgconmgr.relaytest;

import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.JavaCommand;
import io.github.pgconmgr.testkit.LabHost;
import io.github.pgconmgr.testkit.Machine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.util.DriverInfo;

/** The applications, made ready in a host's folder. Immutable. */
final class StockFiles {

    private static final Duration FETCH_LIMIT = Duration.ofMinutes(3);
    private static final String COMPILE_GO = """
            export GOPATH=/usr/share/gocode GO111MODULE=off GOFLAGS= CGO_ENABLED=0 GOCACHE="$2"
            exec go build -o "$1.bin" "$1"
            """;

    private final Path folder;
    private final String nodePath;
    private final List<StockClient> clients;

    private StockFiles(Path folder, String nodePath, List<StockClient> clients) {
        this.folder = folder;
        this.nodePath = nodePath;
        this.clients = clients;
    }

    /** Copies and compiles all of them; blocks. Node's library comes from its registry: without that, it is left out. */
    static StockFiles on(LabHost host) {
        List<StockClient> clients = new ArrayList<>(StockClient.applications());
        String modules = BuildFolder.build("node-pg").toString();
        String script = BuildFolder.root().resolve("build-tools/node-pg.sh").toString();
        Finished node = Machine.LOCAL.run(Account.OURSELVES, FETCH_LIMIT, List.of(script, modules));
        if (node.exit() != 0) {
            System.err.println("skipped: node-postgres, which could not be installed: " + node.err());
            clients.remove(StockClient.NODE);
        } else {
            recordVersion(
                    StockClient.NODE,
                    List.of(
                            "env",
                            "NODE_PATH=" + node.out().strip(),
                            "node",
                            "-p",
                            "'pg ' + require('pg/package.json').version"));
        }
        RelayTable.record(StockClient.PGJDBC, RelayTable.Column.VERSION, "pgjdbc " + DriverInfo.DRIVER_VERSION);
        StockFiles files = new StockFiles(host.folder(), node.out().strip(), clients);
        files.copy("application.py");
        clients.stream().filter(client -> !client.source().isEmpty()).forEach(client -> files.copy(client.source()));
        files.compileGo();
        return files;
    }

    private static void recordVersion(StockClient client, List<String> command) {
        String version =
                Machine.LOCAL.run(Account.OURSELVES, command).expectSuccess().out();
        RelayTable.record(client, RelayTable.Column.VERSION, version.strip());
    }

    /** Those that are there. */
    List<StockClient> clients() {
        return clients;
    }

    private void copy(String name) {
        try (InputStream resource = StockFiles.class.getResourceAsStream("/relayprograms/" + name)) {
            if (resource == null) {
                throw new IllegalStateException("no resource " + name);
            }
            Files.copy(resource, folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy " + name, e);
        }
    }

    private void compileGo() {
        compileGo(StockClient.LIB_PQ.source());
    }

    /** A Go program among the resources, compiled. */
    Path compile(String name) {
        copy(name);
        compileGo(name);
        return folder.resolve(name + ".bin");
    }

    private void compileGo(String name) {
        String source = folder.resolve(name).toString();
        String cache = BuildFolder.build("go-cache").toString();
        Machine.LOCAL
                .run(Account.OURSELVES, FETCH_LIMIT, List.of("bash", "-c", COMPILE_GO, "compile", source, cache))
                .expectSuccess();
    }

    /** The command line that does these verbs through the relay. */
    List<String> command(StockClient client, List<String> verbs) {
        List<String> argv = new ArrayList<>(List.of("env", "HOME=/nonexistent"));
        argv.addAll(program(client));
        argv.addAll(List.of("localhost", RelayStage.port()));
        argv.addAll(verbs);
        return argv;
    }

    private List<String> program(StockClient client) {
        String file = folder.resolve(client.source()).toString();
        return switch (client) {
            case NODE -> List.of("NODE_PATH=" + nodePath, "node", file);
            case ASYNCPG, PSYCOPG2, PSYCOPG3 -> List.of("/usr/bin/python3", "-B", file);
            case LIB_PQ -> List.of(file + ".bin");
            case DBD_PG -> List.of("perl", file);
            case PGJDBC -> javaCommand(StockJdbc.class);
            case PSQL, PGBENCH -> throw new IllegalArgumentException(client + " has no application");
        };
    }

    /** The command line of a program of these tests, with the relay's host and port. */
    List<String> java(Class<?> program) {
        List<String> argv = new ArrayList<>(List.of("env", "HOME=/nonexistent"));
        argv.addAll(javaCommand(program));
        argv.addAll(List.of("localhost", RelayStage.port()));
        return argv;
    }

    private static List<String> javaCommand(Class<?> program) {
        Path module = BuildFolder.root().resolve("system-tests/target");
        List<Path> classPath = List.of(module.resolve("test-classes"), module.resolve("lib/*"));
        return JavaCommand.of(64, classPath, program.getName());
    }
}
