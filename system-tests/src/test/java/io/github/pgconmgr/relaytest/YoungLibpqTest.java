package io.github.pgconmgr.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** psql with the libpq of PostgreSQL 18, which {@code make check-slow} fetches: protocol 3.2 and its long cancel keys. */
@Tag("slow")
@Timeout(60)
class YoungLibpqTest {

    private static final Path LIBPQ = BuildFolder.build("servers/18/lib");
    private static final String ONLY_3_2 = "dbname=shop min_protocol_version=3.2 max_protocol_version=3.2";

    private static LocalRelay relay;

    @BeforeAll
    static void build() {
        assertTrue(
                Files.exists(LIBPQ.resolve("libpq.so.5")), "build-tools/postgresql-servers.sh has not run: " + LIBPQ);
        relay = new LocalRelay().start(LocalRelay.TRUST);
    }

    @AfterAll
    static void close() {
        relay.close();
    }

    private static List<String> psql(String sql) {
        List<String> argv = new ArrayList<>(relay.client("psql", "postgres", "-XAtq", "-d", ONLY_3_2, "-c", sql));
        argv.add(1, "LD_LIBRARY_PATH=" + LIBPQ);
        return argv;
    }

    @Test
    void itSpeaksProtocol32WithConmgrThoughTheInstanceSpeaks30() {
        assertEquals("42", relay.run(psql("SELECT 42")).expectSuccess().out().strip());
    }

    @Test
    void itCancelsByItsLongKey() {
        try (Program psql = relay.program(psql("SELECT pg_sleep(3600)"))) {
            Await.until(
                    "it sleeps",
                    LocalRelay.LIMIT,
                    () -> relay.instance()
                            .sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
                            .equals("1"));
            psql.signal("INT");
            psql.awaitLine("canceling statement due to user request", LocalRelay.LIMIT);
            assertEquals(1, psql.awaitExit(LocalRelay.LIMIT));
        }
    }
}
