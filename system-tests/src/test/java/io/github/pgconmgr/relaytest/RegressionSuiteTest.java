package io.github.pgconmgr.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.Machine;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Proves;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * PostgreSQL's own regression tests, some 200 scripts, through the relay and straight to the server: the same ones pass. The
 * scripts are Debian's newest, the server may be a little newer, so some may fail both ways.
 */
@Tag("slow")
class RegressionSuiteTest {

    private static final Duration FETCH_LIMIT = Duration.ofMinutes(5);
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final Path UPSTREAM = BuildFolder.build("libpq/upstream");
    private static final int FEWEST = 180;
    /** Not a name that the relay never caches. */
    private static final String DATABASE = "relayed";

    private static Story story;
    private static PgInstance one;

    @BeforeAll
    static void build() {
        Path script = BuildFolder.root().resolve("build-tools/libpq-upstream.sh");
        Machine.LOCAL
                .run(Account.OURSELVES, FETCH_LIMIT, List.of(script.toString(), UPSTREAM.toString()))
                .expectSuccess();
        story = new Story().with("max_connections", "100");
        one = story.startPrimary();
        story.configureConmgr(1000, 20_000, one);
        try {
            Files.writeString(
                    story.conmgrFolder().resolve("conmgr.conf"),
                    "pool_mode = session\nauth_type = trust\nnum_init_children = 40\nmax_pool = 1\n",
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot configure the relay", e);
        }
        story.cmCtl("start").expectSuccess();
    }

    @AfterAll
    static void close() {
        story.close();
    }

    /** Which tests pass, in a new database. */
    private static List<String> run(String name, String host, int port) {
        one.sql("DROP DATABASE IF EXISTS " + DATABASE + " WITH (FORCE)");
        one.sql("CREATE DATABASE " + DATABASE + " TEMPLATE template0");
        // As pg_regress does it with a database that it has made itself.
        for (String setting : List.of("lc_messages", "lc_monetary", "lc_numeric", "lc_time")) {
            one.sql("ALTER DATABASE " + DATABASE + " SET " + setting + " TO 'C'");
        }
        one.sql("ALTER DATABASE " + DATABASE + " SET timezone_abbreviations TO 'Default'");
        Path folder = story.app().folder().resolve(name);
        List<String> argv = List.of(
                BuildFolder.root().resolve("build-tools/regress.sh").toString(),
                UPSTREAM.resolve("source").toString(),
                folder.toString(),
                host,
                Integer.toString(port),
                DATABASE);
        List<String> results = story.app()
                .run(Account.POSTGRES, LIMIT, argv)
                .expectSuccess()
                .out()
                .lines()
                .toList();
        assertTrue(passed(results) >= FEWEST, name + ": " + results);
        return results;
    }

    @Test
    @Proves("P1")
    void theSameTestsPassAsWithoutUs() {
        List<String> direct = run("direct", one.address(), one.port());
        List<String> relayed = run("relayed", "127.0.0.1", Story.CONMGR_PORT);
        List<String> onlyOurs = new ArrayList<>(relayed);
        onlyOurs.removeAll(direct);
        System.err.println("regression tests: " + passed(direct) + " of " + direct.size()
                + " pass straight to the server, " + passed(relayed) + " through the relay");
        assertEquals(List.of(), onlyOurs, () -> "different through the relay; all its differences:\n" + differences());
        assertEquals(direct.size(), relayed.size());
    }

    private static long passed(List<String> results) {
        return results.stream().filter(line -> line.startsWith("ok ")).count();
    }

    private static String differences() {
        try {
            return Files.readString(story.app().folder().resolve("relayed/regression.diffs"));
        } catch (IOException e) {
            throw new UncheckedIOException("no differences", e);
        }
    }
}
