package io.github.pgconmgr.jdbc;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.time.NanoClock;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** The driver with a watcher of its own that ends soon, and no limits but those a test sets. Confined to its test. */
final class DriverUnderTest {

    static final Duration LIMIT = Duration.ofSeconds(10);

    final Watcher watcher = new Watcher(NanoClock.SYSTEM, TimeUnit.MILLISECONDS.toNanos(50));
    final ConmgrDriver driver = new ConmgrDriver(NanoClock.SYSTEM, watcher);

    /** Connects through this host list; more properties may follow as {@code &name=value}. */
    Connection connect(String hosts, String more) throws SQLException {
        Connection connection = driver.connect("jdbc:conmgr://" + hosts + "/shop?user=amy" + more, new Properties());
        return Objects.requireNonNull(connection);
    }

    SQLException failure(String hosts, String more) {
        return assertThrows(SQLException.class, () -> connect(hosts, more).close());
    }

    /** Fails unless the watcher's thread has ended and no stage 2 is left. */
    static void awaitNothingLeft() {
        Await.until("no watcher thread", LIMIT, () -> watcherThreads() == 0);
        Await.until("no ticket", LIMIT, () -> InstanceSocketFactory.ticketCount() == 0);
    }

    static long watcherThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(Watcher.THREAD_NAME))
                .count();
    }
}
