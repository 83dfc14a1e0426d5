package io.github.pgconmgr.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.time.NanoClock;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Logins at a running conmgr that looks its users up in the instance (auth_query), and who guesses passwords. */
@Timeout(60)
class LoginTest {

    private static LocalRelay relay;

    @BeforeAll
    static void build() throws IOException {
        relay = new LocalRelay();
        // auth_user alone: all others are looked up.
        relay.userList("\"postgres\" \"\"\n");
        relay.instance().sql("CREATE ROLE ann LOGIN PASSWORD 'before'");
        relay.instance().sql("CREATE ROLE \"o'brien\" LOGIN PASSWORD 'secret'");
    }

    /** A new one for each test: it remembers who has failed. */
    @BeforeEach
    void start() {
        relay.start("auth_user = postgres");
    }

    @AfterEach
    void stop() {
        relay.stop();
    }

    @AfterAll
    static void close() {
        relay.close();
    }

    private static Finished psql(String user, String password) {
        List<String> argv = new ArrayList<>(relay.client("psql", user, "-XAtq", "-c", "SELECT current_user"));
        argv.set(argv.indexOf("PGPASSWORD=secret"), "PGPASSWORD=" + password);
        return relay.run(argv);
    }

    private static void comesIn(String user, String password) {
        assertEquals(user, psql(user, password).expectSuccess().out().strip());
    }

    @Test
    @Proves("P1")
    void aUserWhoStandsInNoFileLogsInAndTheNextOneGetsItsServerConnection() throws SQLException {
        comesIn("app", "secret");
        comesIn("o'brien", "secret");
        try (Connection first = DriverManager.getConnection(relay.url(), "app", "secret")) {
            assertEquals("app", first.getMetaData().getUserName());
        }
        assertEquals(pid(), pid());
    }

    private static String pid() {
        return relay.psql("app", "-c", "SELECT pg_backend_pid()")
                .expectSuccess()
                .out();
    }

    @Test
    void aPasswordThatWasChangedCountsAtOnceAfterOneWrongOneAndTheOldOneNoMore() {
        comesIn("ann", "before");
        relay.instance().sql("ALTER ROLE ann PASSWORD 'after'");
        psql("ann", "after");
        comesIn("ann", "after");
        Finished old = psql("ann", "before");
        assertTrue(old.err().contains("password authentication failed for user \"ann\""), old::toString);
    }

    /** Wrong passwords and users that are not there, one after the other: each answer waits longer than the one before, up to a second. */
    @Test
    void whoGuessesWaitsTwiceAsLongEachTimeAndEachIsLogged() {
        long[] millis = new long[4];
        for (int attempt = 0; attempt < millis.length; attempt++) {
            String user = attempt % 2 == 0 ? "app" : "nobody_" + attempt;
            long begin = NanoClock.SYSTEM.nanoTime();
            Finished refused = psql(user, "guess");
            millis[attempt] = TimeUnit.NANOSECONDS.toMillis(NanoClock.SYSTEM.nanoTime() - begin);
            assertEquals(2, refused.exit());
            String expected = "FATAL:  password authentication failed for user \"" + user + "\"";
            assertTrue(refused.err().contains(expected), refused::toString);
        }
        long[] least = {125, 250, 500, 1000};
        for (int attempt = 0; attempt < millis.length; attempt++) {
            assertTrue(millis[attempt] >= least[attempt], () -> "waits: " + Arrays.toString(millis));
        }
        long begin = NanoClock.SYSTEM.nanoTime();
        comesIn("app", "secret");
        long right = TimeUnit.NANOSECONDS.toMillis(NanoClock.SYSTEM.nanoTime() - begin);
        assertTrue(right < 900, "the right password was delayed: " + right + " ms");
        relay.awaitLog("login of user \"app\" failed: ", 1);
        assertTrue(relay.log().lines().stream().noneMatch(line -> line.contains("guess")), "a password in the log");
    }

    @Test
    void whileAnAuthQueryFailsNobodyComesInAndTheLogSaysWhy() {
        relay.instance().sql("CREATE ROLE looker LOGIN");
        relay.stop();
        relay.start("auth_user = looker");
        Finished refused = psql("app", "secret");
        assertTrue(refused.err().contains("could not look up user \"app\""), refused::toString);
        relay.awaitLog("permission denied for table pg_authid", 1);
        relay.instance().sql("GRANT SELECT ON pg_authid TO looker");
        comesIn("app", "secret");
    }
}
