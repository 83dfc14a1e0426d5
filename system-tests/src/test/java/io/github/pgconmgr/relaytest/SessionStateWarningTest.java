package io.github.pgconmgr.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.pgconmgr.testkit.Proves;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What does not last in transaction mode: who is warned, and that nobody sees another one's. */
@Timeout(60)
class SessionStateWarningTest {

    private static final String WARNING = " in pool_mode = transaction: it does not last beyond the transaction";

    private static LocalRelay relay;

    @BeforeAll
    static void build() {
        relay = new LocalRelay();
    }

    /** A new one for each test: of repeated warnings the first of a host is written, and their number a minute later. */
    @BeforeEach
    void start() {
        relay.start("auth_type = trust", "pool_mode = transaction", "num_init_children = 1", "max_pool = 1");
    }

    @AfterEach
    void stop() {
        relay.stop();
    }

    @AfterAll
    static void close() {
        relay.close();
    }

    private static List<String> warnings() {
        return relay.log().linesWith(WARNING);
    }

    @Test
    @Proves("P10")
    void aListenOrASetOfAnApplicationIsAWarningAndIsGone() throws IOException {
        for (List<String> each : List.of(
                List.of("SET search_path = elsewhere", "SHOW search_path", "\"$user\", public"),
                List.of("LISTEN news", "SELECT count(*) FROM pg_listening_channels()", "0"),
                List.of("PREPARE p AS SELECT 1", "SELECT count(*) FROM pg_prepared_statements", "0"))) {
            try (RawClient client = relay.rawClient();
                    RawClient other = relay.rawClient()) {
                client.query(each.get(0));
                assertEquals(each.get(2), other.value(each.get(1)));
                assertEquals(each.get(2), client.value(each.get(1)));
            }
        }
        relay.awaitLog("SET" + WARNING, 1);
    }

    /** No tag shows it, so nobody is warned; the manual says so. The next reset frees it. */
    @Test
    void anAdvisoryLockIsNotSeenAndStaysUntilTheNextReset() throws IOException {
        String locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'";
        try (RawClient client = relay.rawClient();
                RawClient other = relay.rawClient()) {
            client.query("SELECT pg_advisory_lock(7)");
            assertEquals("1", other.value(locks));
            other.query("SET search_path = elsewhere");
            assertEquals("0", client.value(locks));
        }
    }

    @Test
    void pgjdbcsOwnSettingsAreNoWarning() throws SQLException {
        try (Connection connection = DriverManager.getConnection(relay.url(), "postgres", "");
                Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("SELECT 0.1::float8 + 0.2::float8")) {
                rows.next();
                assertEquals(0.1 + 0.2, rows.getDouble(1));
            }
            assertEquals(List.of(), warnings());
            statement.execute("SET work_mem = '5MB'");
            relay.awaitLog("SET" + WARNING, 1);
        }
    }
}
