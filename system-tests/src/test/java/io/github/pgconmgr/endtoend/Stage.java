package io.github.pgconmgr.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.LabHost;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.time.NanoClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the tests of a class share: a primary "one" on db1, its standby "two" on db2, a conmgr and applications on app.
 * {@link #ready} makes everything whole again, whatever the test before has broken; {@link #expectQuietLogs} ends a test.
 *
 * <p>Confined to the test's thread.
 */
final class Stage implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(30);

    /** Sharp, but above what a busy machine withholds from a process at times. */
    static final long INTERVAL_MILLIS = 200;

    static final long TIMEOUT_MILLIS = 1200;

    /** Where a timeout must not pass. */
    static final long LONG_TIMEOUT_MILLIS = 10_000;

    /** What our measuring itself may take on a busy machine. */
    static final long MARGIN_MILLIS = 1000;

    /** A conmgr's life in the watchdog's log; a new one begins unarmed, with the word "connected". */
    private static final String PEER_CHANGE = ".*(: connected| -> (PROVING|ARMED|LOST|DEAD|GONE|GRACE|ADOPTED)\\b).*";

    /** Sessions of the application host that are none of conmgr's own checks. */
    private static final String SESSIONS =
            " FROM pg_stat_activity WHERE application_name <> 'conmgr' AND client_addr = '";

    private final Story story = new Story().with("log_connections", "on").with("log_min_messages", "log");
    private final PgInstance one;
    private final PgInstance two;
    private final Conmgr conmgr;
    private final List<String> expected = new ArrayList<>();
    private @Nullable Client client;
    private List<LogWindow> windows = List.of();
    private String configuration = "";

    Stage() {
        this("watchdog");
    }

    /**
     * @param libraries what the instances preload
     */
    Stage(String libraries) {
        story.with("shared_preload_libraries", libraries);
        try {
            one = story.startPrimary();
            two = story.startStandby(one);
            conmgr = new Conmgr(story.app(), "conmgr");
        } catch (Throwable e) {
            story.close();
            throw e;
        }
    }

    Story story() {
        return story;
    }

    PgInstance one() {
        return one;
    }

    PgInstance two() {
        return two;
    }

    Conmgr conmgr() {
        return conmgr;
    }

    /** The applications; the process is started with the first use. */
    Client client() {
        if (client == null || !client.isAlive()) {
            client = Client.on(story.app());
        }
        return client;
    }

    static long now() {
        return NanoClock.SYSTEM.nanoTime();
    }

    /** Milliseconds from one moment to another. */
    static long millis(long fromNanos, long toNanos) {
        return (toNanos - fromNanos) / 1_000_000;
    }

    /** The lines of conmgr.conf for these instances, and the sharp or any other timeout. */
    static String[] configuration(long timeoutMillis, String... hosts) {
        List<String> lines = new ArrayList<>();
        for (int number = 0; number < hosts.length; number++) {
            lines.add("backend_host" + number + " = " + hosts[number]);
        }
        lines.add("heartbeat_interval = " + INTERVAL_MILLIS + "ms");
        lines.add("heartbeat_timeout = " + timeoutMillis + "ms");
        lines.add("heartbeat_connect_interval = 200ms");
        // Not LOG: that level stands above WARNING and ERROR.
        lines.add("log_min_messages = INFO");
        return lines.toArray(String[]::new);
    }

    /** Both instances run, and a conmgr with that timeout hears them. Blocks until that is so. */
    void ready(long timeoutMillis) {
        ready(configuration(timeoutMillis, one.address(), two.address()));
    }

    /** The same with another conmgr.conf, which has both instances. */
    void ready(String... lines) {
        for (LabHost host : List.of(story.app(), story.db1(), story.db2())) {
            switchOn(host);
        }
        for (PgInstance instance : List.of(one, two)) {
            if (instance.isRunning() && !"ready".equals(instance.statusLine())) {
                instance.stop(PgInstance.StopMode.FAST);
            }
            if (!instance.isRunning()) {
                instance.start();
            }
        }
        if (!String.join("\n", lines).equals(configuration) || !conmgr.isRunning()) {
            if (conmgr.isRunning()) {
                conmgr.ctl("stop").expectSuccess();
            }
            conmgr.configure(lines);
            conmgr.ctl("start", "--complete").expectSuccess();
            configuration = String.join("\n", lines);
        }
        endLeftovers();
        Await.until("conmgr hears both and has no application", LIMIT, () -> isUnused(conmgr.status()));
        watchLogs();
    }

    /** The sessions of the test before. */
    private void endLeftovers() {
        if (client != null && client.isAlive()) {
            client.start("abandon").await().expectOk();
        }
        for (PgInstance instance : List.of(one, two)) {
            if (!isFree(instance)) {
                instance.sql("SELECT pg_terminate_backend(pid)" + SESSIONS
                        + story.app().address() + "'");
                Await.until("the sessions of the last test have ended", LIMIT, () -> isFree(instance));
            }
        }
    }

    private static boolean isUnused(String status) {
        return status.contains("applications: 0")
                && status.lines().filter(line -> line.contains(" ALIVE ")).count() == 2;
    }

    /** Blocks until both watchdogs would take conmgr's death seriously; takes a timeout from its start. */
    void awaitArmed() {
        Await.until("both watchdogs have known conmgr for a timeout", LIMIT, () -> isArmed(one) && isArmed(two));
    }

    private void switchOn(LabHost host) {
        try {
            host.initPid();
            story.lab().heal(host);
        } catch (IllegalStateException off) {
            story.lab().boot(host);
        }
    }

    private static boolean isArmed(PgInstance instance) {
        List<String> changes = instance.log().lines().stream()
                .filter(line -> line.matches(PEER_CHANGE))
                .toList();
        return !changes.isEmpty() && changes.get(changes.size() - 1).contains("-> ARMED");
    }

    boolean isAlive(int instance) {
        return conmgr.statusOf(instance).contains("ALIVE");
    }

    /** From now on the logs are watched. */
    void watchLogs() {
        expected.clear();
        // A standby loses its primary in some tests, and says so in many ways until it has it again.
        expected.add(" walreceiver FATAL:");
        expected.add(" walreceiver ERROR:");
        windows = List.of(LogWindow.on(conmgr.log()), LogWindow.on(one.log()), LogWindow.on(two.log()));
    }

    /** What conmgr's log has gained since the test began. */
    LogWindow conmgrLog() {
        return windows.get(0);
    }

    /** What the log of "one" has gained. */
    LogWindow oneLog() {
        return windows.get(1);
    }

    /** What the log of "two" has gained. */
    LogWindow twoLog() {
        return windows.get(2);
    }

    /** Alarms with that text belong to this test. */
    void expectAlarm(String text) {
        expected.add(text);
    }

    /** No log has an alarm that the test did not expect. */
    void expectQuietLogs() {
        List<String> alarms = new ArrayList<>();
        windows.forEach(window -> alarms.addAll(window.alarms(expected)));
        assertEquals(List.of(), alarms);
    }

    /** Whether the application host has no session at the instance. */
    boolean isFree(PgInstance instance) {
        return sessionsAt(instance).equals("0");
    }

    /** Sessions of the application host that the instance has. */
    String sessionsAt(PgInstance instance) {
        return instance.sql("SELECT count(*)" + SESSIONS + story.app().address() + "'");
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
        story.close();
    }
}
