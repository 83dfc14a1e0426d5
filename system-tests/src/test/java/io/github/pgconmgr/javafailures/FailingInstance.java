package io.github.pgconmgr.javafailures;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.FreePort;
import io.github.pgconmgr.testkit.Machine;
import io.github.pgconmgr.testkit.PgCluster;
import io.github.pgconmgr.testkit.PgInstall;
import io.github.pgconmgr.testkit.PgInstance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An instance whose Java fails when told, and who must not notice.
 *
 * <p>Confined to the test's thread. {@link #close} ends everything.
 */
final class FailingInstance implements AutoCloseable {

    /** Longer than anything but a stuck Java takes on a busy machine. */
    static final Duration LIMIT = Duration.ofSeconds(30);

    private final PgCluster cluster;
    private final PgInstance instance;
    private final int watchdogPort = FreePort.next();
    private final List<Bystanders> bystanders = new ArrayList<>();

    /** A running primary under the host of this run. */
    FailingInstance(PgInstall install) {
        this.cluster = new PgCluster(install);
        this.instance = cluster.primary(
                "p",
                Machine.LOCAL,
                Map.of(
                        "shared_preload_libraries",
                        "watchdog",
                        "watchdog.check_attr_interval",
                        "50ms",
                        // PL/Java's JVM knows only the modules that PL/Java asks for.
                        "watchdog.jvm_options",
                        "-Xss512k -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --add-modules=jdk.unsupported",
                        "watchdog.port",
                        Integer.toString(watchdogPort)));
    }

    PgInstance instance() {
        return instance;
    }

    /** A conmgr, from now on armed, and a session. */
    Bystanders connectAll() {
        awaitLine("listening for heartbeats");
        Bystanders connected = new Bystanders(instance, watchdogPort);
        bystanders.add(connected);
        return connected;
    }

    /** The process id of that server process; empty when there is none. */
    String processPid(String type) {
        return instance.sql("SELECT pid FROM pg_stat_activity WHERE backend_type = '" + type + "'");
    }

    /** Blocks until the server's log has a line with that text. */
    void awaitLine(String text) {
        try {
            Await.until(text, LIMIT, () -> !instance.log().linesWith(text).isEmpty());
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + ", but " + instance.log().lines(), e);
        }
    }

    /** The instance was never restarted, and nothing in its log is worse than a FATAL. */
    void assertNoCrash() {
        // Newer Javas complain of the way in which the test makes a real SIGSEGV.
        assertEquals(
                List.of(), instance.log().unexpected("sun.misc.Unsafe", "consider reporting this to the maintainers"));
        assertEquals(List.of(), instance.log().linesWith("terminating any other active server processes"));
        assertEquals(List.of(), instance.log().linesWith("all server processes terminated; reinitializing"));
    }

    @Override
    public void close() {
        bystanders.forEach(Bystanders::close);
        cluster.close();
    }
}
