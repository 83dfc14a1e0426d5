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
 * scripts are Debian's newest source, the server may be a little newer, so some may fail both ways.
 */
@Tag("slow")
class RegressionSuiteTest {

    private static final Duration FETCH_LIMIT = Duration.ofMinutes(5);
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final Path UPSTREAM = BuildFolder.build("libpq/upstream");
    private static final int FEWEST = 180;
    /** Not a name that the relay never caches. */
    private static final String DATABASE = "relayed";

    /**
     * It looks whether its session has had a temporary schema before: a session that was used before has, and no reset takes
     * that back.
     */
    private static final String SEES_REUSE = "not ok temp";

    private static Story story;
    private static PgInstance one;
    private static List<String> direct;

    @BeforeAll
    static void build() {
        Path script = BuildFolder.root().resolve("build-tools/libpq-upstream.sh");
        Machine.LOCAL
                .run(Account.OURSELVES, FETCH_LIMIT, List.of(script.toString(), UPSTREAM.toString()))
                .expectSuccess();
        story = new Story().with("max_connections", "100");
        one = story.startPrimary();
        direct = run("direct", one.address(), one.port());
    }

    private static void startConmgr(String conf) {
        story.configureConmgr(1000, 20_000, one);
        try {
            Files.writeString(
                    story.conmgrFolder().resolve("conmgr.conf"),
                    "pool_mode = session\nauth_type = trust\nnum_init_children = 40\nmax_pool = 1\n" + conf,
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

    /** What comes out otherwise through the relay. */
    private static List<String> different(String name, String conf) {
        startConmgr(conf);
        List<String> relayed = run(name, "127.0.0.1", Story.CONMGR_PORT);
        story.cmCtl("stop").expectSuccess();
        System.err.println("regression tests: " + passed(direct) + " of " + direct.size()
                + " pass straight to the server, " + passed(relayed) + " through the relay, " + name);
        List<String> different = new ArrayList<>(relayed);
        different.removeAll(direct);
        return different;
    }

    @Test
    @Proves("P2")
    void theSameTestsPassAsWithoutUs() {
        assertEquals(List.of(), different("uncached", "connection_cache = off\n"), () -> differences("uncached"));
    }

    @Test
    @Proves({"P1", "P10"})
    void theSameTestsPassOnServerConnectionsThatWereUsedBefore() {
        List<String> different = different("cached", "");
        different.remove(SEES_REUSE);
        assertEquals(List.of(), different, () -> differences("cached"));
    }

    private static long passed(List<String> results) {
        return results.stream().filter(line -> line.startsWith("ok ")).count();
    }

    private static String differences(String name) {
        try {
            return Files.readString(story.app().folder().resolve(name).resolve("regression.diffs"));
        } catch (IOException e) {
            throw new UncheckedIOException("no differences", e);
        }
    }
}
