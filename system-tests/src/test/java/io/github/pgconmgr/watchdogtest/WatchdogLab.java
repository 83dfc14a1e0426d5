package io.github.pgconmgr.watchdogtest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.JavaCommand;
import io.github.pgconmgr.testkit.LabHost;
import io.github.pgconmgr.testkit.Machine;
import io.github.pgconmgr.testkit.NetnsLab;
import io.github.pgconmgr.testkit.PgCluster;
import io.github.pgconmgr.testkit.PgInstall;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The stage of a test class: hosts, instances with the watchdog, scripted conmgrs and SQL sessions. Hosts and instances live
 * as long as the class, everything else as long as a test. A test ends when no watchdog still thinks of a conmgr of its, so the
 * next one begins anew; it fails if a server's log has a WARNING or worse that it did not expect.
 *
 * <p>Confined to the test's thread.
 */
final class WatchdogLab implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

    /** Longer than any condition takes on a busy machine. */
    static final Duration LIMIT = Duration.ofSeconds(20);

    /** Of the conmgrs whose death a test waits for. */
    static final int INTERVAL_MILLIS = 100;

    /** Leaves the scripted conmgr 700 ms in which a busy machine may not let it run. */
    static final int TIMEOUT_MILLIS = 800;

    /** Of conmgrs that must never be armed. */
    static final int NEVER_MILLIS = 600_000;

    private static final int WATCHDOG_PORT = 27545;

    private final String[] hostNames;
    private final List<PgInstance> instances = new ArrayList<>();
    private final List<Program> programs = new ArrayList<>();
    private final List<ConmgrProcess> conmgrs = new ArrayList<>();
    private final List<String> expectedAlarms = new ArrayList<>();
    private final List<String> formerAlarms = new ArrayList<>();
    private NetnsLab net;
    private PgCluster cluster;
    private int counter;

    WatchdogLab(String... hostNames) {
        this.hostNames = hostNames.clone();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        net = NetnsLab.of(hostNames);
        cluster = new PgCluster();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        expectedAlarms.clear();
        formerAlarms.clear();
        instances.forEach(instance -> formerAlarms.addAll(instance.log().unexpected()));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        try {
            awaitOblivion();
            List<String> alarms = new ArrayList<>();
            instances.forEach(
                    instance -> alarms.addAll(instance.log().unexpected(expectedAlarms.toArray(String[]::new))));
            alarms.removeAll(formerAlarms);
            assertEquals(List.of(), alarms, "alarms in the servers' logs");
        } finally {
            programs.forEach(Program::close);
            programs.clear();
            conmgrs.clear();
        }
    }

    private void awaitOblivion() {
        for (ConmgrProcess conmgr : conmgrs) {
            if (conmgr.program().isAlive() && conmgr.instance().isRunning()) {
                conmgr.command("goodbye stop");
            }
        }
        for (ConmgrProcess conmgr : conmgrs) {
            Await.until(
                    conmgr.instance().name() + " has forgotten conmgr " + conmgr.id(),
                    LIMIT,
                    () -> conmgr.isForgotten() || !conmgr.instance().isRunning());
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        try {
            cluster.close();
        } finally {
            net.close();
        }
    }

    /** A log line of level WARNING or worse that this test causes on purpose. */
    void expectAlarm(String text) {
        expectedAlarms.add(text);
    }

    NetnsLab net() {
        return net;
    }

    LabHost host(String name) {
        return net.host(name);
    }

    /** A running primary on that host, its name too, without the extension. */
    PgInstance primary(String host, Map<String, String> more) {
        return primary(host, host, more);
    }

    /** A running primary of another name on that host. */
    PgInstance primary(String host, String name, Map<String, String> more) {
        return keep(cluster.primary(name, host(host), settings(more)));
    }

    /** A running hot standby on that host. */
    PgInstance standby(String host, PgInstance primary, Map<String, String> more) {
        return keep(cluster.standby(host, host(host), primary, settings(more)));
    }

    /** A running primary on this machine, with these settings and no others. */
    PgInstance localPrimary(String name, Map<String, String> settings) {
        return keep(cluster.primary(name, Machine.LOCAL, settings));
    }

    private PgInstance keep(PgInstance instance) {
        instances.add(instance);
        return instance;
    }

    private static Map<String, String> settings(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>();
        settings.put("shared_preload_libraries", "watchdog");
        settings.put("watchdog.check_attr_interval", "100ms");
        settings.putAll(more);
        return settings;
    }

    /** Starts a conmgr that has been welcomed; two of one host are of the same boot. */
    ConmgrProcess conmgr(String host, PgInstance instance, int intervalMillis, int timeoutMillis) {
        ConmgrProcess conmgr = startConmgr(host, instance, intervalMillis, timeoutMillis, host);
        conmgr.await("WELCOME");
        return conmgr;
    }

    /** Starts a conmgr whose death will cost sessions. */
    ConmgrProcess armedConmgr(String host, PgInstance instance) {
        return conmgr(host, instance, INTERVAL_MILLIS, TIMEOUT_MILLIS).awaitArmed();
    }

    /** Starts a conmgr that says it is on that machine; what stands behind an @ tells its boots apart. Awaits nothing. */
    ConmgrProcess startConmgr(String host, PgInstance instance, int intervalMillis, int timeoutMillis, String machine) {
        return startConmgr(instance.address(), host, instance, intervalMillis, timeoutMillis, machine);
    }

    /** Starts a conmgr that knows the instance by another address of its. */
    ConmgrProcess startConmgrTo(String address, String host, PgInstance instance) {
        return startConmgr(address, host, instance, INTERVAL_MILLIS, TIMEOUT_MILLIS, host);
    }

    private ConmgrProcess startConmgr(
            String address, String host, PgInstance instance, int intervalMillis, int timeoutMillis, String machine) {
        String id = String.format(Locale.ROOT, "%032x", 0xC0117000_00000000L + ++counter);
        Program program = startJava(
                host,
                "conmgr",
                ScriptedConmgr.class,
                address,
                Integer.toString(WATCHDOG_PORT),
                Integer.toString(intervalMillis),
                Integer.toString(timeoutMillis),
                id,
                machine.replaceFirst("@.*", ""),
                machine + "-boot");
        ConmgrProcess conmgr = new ConmgrProcess(program, host(host), instance, id);
        conmgrs.add(conmgr);
        return conmgr;
    }

    /** Starts the raw peers of that host. */
    RawPeersProcess rawPeers(String host) {
        return new RawPeersProcess(startJava(host, "raw", RawPeers.class));
    }

    /** A connected SQL session from that host's address. */
    SqlSession session(String host, PgInstance instance) {
        return sessionTo(instance.address(), host, instance);
    }

    /** The same, to another address of the instance. */
    SqlSession sessionTo(String address, String host, PgInstance instance) {
        String name = host + "-" + ++counter;
        String target = "host=" + address + " port=" + instance.port()
                + " user=postgres dbname=postgres application_name=" + name;
        List<String> argv = List.of(PgInstall.current().program("psql"), "-XAtq", "-d", target);
        return new SqlSession(keep(host(host).start(Account.NOBODY, name, argv)), instance, name);
    }

    /** A connected SQL session over the Unix socket. */
    SqlSession unixSession(PgInstance instance) {
        String name = "unix-" + ++counter;
        Path log = host(hostNames[0]).folder().resolve(name + ".log");
        List<String> argv = new ArrayList<>(instance.psqlCommand("postgres"));
        argv.add("-v");
        argv.add("ON_ERROR_STOP=0");
        Program psql = keep(Program.start(Machine.LOCAL, Account.OURSELVES, log, argv));
        psql.writeLine("SET application_name = '" + name + "';");
        return new SqlSession(psql, instance, name);
    }

    /** Starts pg_receivewal on that host and awaits its walsender; gives the walsender's process id. */
    String walReceiver(String host, PgInstance instance) {
        String folder = host(host).folder().resolve("wal-" + ++counter).toString();
        host(host).run(Account.NOBODY, List.of("mkdir", folder)).expectSuccess();
        String target = "host=" + instance.address() + " port=" + instance.port() + " user=postgres";
        String program = PgInstall.current().program("pg_receivewal");
        keep(host(host).start(Account.NOBODY, "wal", List.of(program, "-D", folder, "-d", target, "--no-loop")));
        return Await.value("a walsender", LIMIT, () -> {
            String pid = walsender(host, instance);
            return pid.isEmpty() ? null : pid;
        });
    }

    /** The process id of the walsender that serves that host; empty if there is none. */
    String walsender(String host, PgInstance instance) {
        return instance.sql("SELECT pid FROM pg_stat_replication WHERE state = 'streaming' AND client_addr = '"
                + host(host).address() + "'");
    }

    /** The process id of our worker of that type. */
    static String worker(PgInstance instance, String type) {
        return instance.sql("SELECT pid FROM pg_stat_activity WHERE backend_type = '" + type + "'");
    }

    /** Blocks until that moment; for tests of what does not happen. */
    static void awaitTime(long nanos) {
        Await.until("a moment", LIMIT, () -> Timed.now() - nanos >= 0);
    }

    /** Changes a setting and awaits that a reload has brought it. */
    void set(PgInstance instance, String setting, String value) {
        instance.set(setting, value);
        instance.reload();
        Await.until("the reload", LIMIT, () -> instance.sql("SHOW " + setting).equals(value));
    }

    private Program startJava(String host, String label, Class<?> main, String... arguments) {
        Path root = BuildFolder.root();
        List<Path> classPath =
                List.of(root.resolve("system-tests/target/test-classes"), root.resolve("wire/target/classes"));
        List<String> argv = JavaCommand.of(32, classPath, main.getName(), arguments);
        return keep(host(host).start(Account.NOBODY, label + "-" + ++counter, argv));
    }

    private Program keep(Program program) {
        programs.add(program);
        return program;
    }
}
