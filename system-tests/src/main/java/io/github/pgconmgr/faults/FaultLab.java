package io.github.pgconmgr.faults;

import io.github.pgconmgr.testkit.LabHost;
import io.github.pgconmgr.testkit.NetnsLab;
import io.github.pgconmgr.testkit.PgCluster;
import io.github.pgconmgr.testkit.PgInstance;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Two application hosts, each with a conmgr and half of the load, and three instances: a primary and two standbys, of which one
 * has to confirm each commit. Any number of labs can stand side by side.
 *
 * <p>Confined to one thread. {@link #close} ends everything and removes every file; so does the end of the JVM.
 */
public final class FaultLab implements AutoCloseable {

    private static final String SCHEMA = "CREATE EXTENSION watchdog;" + Bank.SCHEMA;

    private final Settings settings;
    private final Layout layout;
    private final Surroundings surroundings;
    private final NetnsLab net;
    private final PgCluster cluster = new PgCluster();
    private final Map<String, ApplicationHost> applications = new LinkedHashMap<>();
    private final Map<String, PgInstance> instances = new LinkedHashMap<>();
    private final Map<String, String> roles = new LinkedHashMap<>();

    /** A lab with these settings: instances and conmgrs run, the load does not yet. */
    public FaultLab(Settings settings, Layout layout) {
        this.settings = settings;
        this.layout = layout;
        this.surroundings = new Surroundings(layout);
        this.net = surroundings.net();
        try {
            surroundings.prepare();
            startInstances();
            startApplicationHosts();
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    private Map<String, String> instanceSettings(String name) {
        Map<String, String> all = new LinkedHashMap<>(surroundings.instanceSettings(net.host(name)));
        all.put("shared_preload_libraries", "watchdog");
        all.put("watchdog.check_attr_interval", "100ms");
        all.put("max_connections", "200");
        all.put("max_standby_streaming_delay", "-1");
        // A standby that was cut off finds its primary again as soon as it can.
        all.put("wal_receiver_timeout", "5s");
        all.put("wal_sender_timeout", "5s");
        all.put("wal_receiver_status_interval", "1s");
        return all;
    }

    private void startInstances() {
        PgInstance first = cluster.primary("db1", net.host("db1"), instanceSettings("db1"));
        first.sql(SCHEMA);
        instances.put("db1", first);
        for (String name : List.of("db2", "db3")) {
            instances.put(name, cluster.standby(name, net.host(name), first, instanceSettings(name)));
        }
        for (PgInstance instance : instances.values()) {
            instance.set("synchronous_standby_names", "ANY 1 (db1, db2, db3)");
            instance.reload();
        }
        fixRoles();
    }

    private void startApplicationHosts() {
        List<String> lines = new ArrayList<>(List.of("port = " + ApplicationHost.PORT));
        List<String> names = List.copyOf(instances.keySet());
        for (int number = 0; number < names.size(); number++) {
            lines.add("backend_host" + number + " = '" + surroundings.nameOf(net.host(names.get(number))) + "'");
        }
        lines.add("heartbeat_interval = " + settings.intervalMillis() + "ms");
        lines.add("heartbeat_timeout = " + settings.timeoutMillis() + "ms");
        lines.add("log_min_messages = INFO");
        for (String name : Names.APPLICATIONS) {
            ApplicationHost host = new ApplicationHost(net.host(name), sleepSeconds());
            applications.put(name, host);
            host.configure(lines);
            host.startConmgr();
        }
    }

    /** PostgreSQL's pg_sleep goes by the time of day: a clock that steps back makes it last. */
    private String sleepSeconds() {
        return layout == Layout.CLOCKS ? "0" : "0.02";
    }

    /** Starts the load on every application host. */
    public void startLoad() {
        applications.values().forEach(ApplicationHost::startLoad);
    }

    /** The heartbeat's settings. */
    public Settings settings() {
        return settings;
    }

    /** What is special about it. */
    public Layout layout() {
        return layout;
    }

    /** Router, name server, disks and clocks. */
    Surroundings surroundings() {
        return surroundings;
    }

    /** The network. */
    public NetnsLab net() {
        return net;
    }

    /** Makes standbys anew. */
    public PgCluster cluster() {
        return cluster;
    }

    /** The application hosts. */
    public Collection<ApplicationHost> applications() {
        return applications.values();
    }

    /** The application host of that name. */
    public ApplicationHost application(String name) {
        return known(applications.get(name), name);
    }

    /** All instances, running or not. */
    public Collection<PgInstance> instances() {
        return instances.values();
    }

    /** The instance of that host, or with that role. */
    public PgInstance instance(String name) {
        return known(instances.get(roles.getOrDefault(name, name)), name);
    }

    private static <T> T known(@Nullable T found, String name) {
        if (found == null) {
            throw new IllegalArgumentException("no " + name + " in this lab");
        }
        return found;
    }

    /** The number by which conmgr knows the instance of that host. */
    int number(String instanceHost) {
        return List.copyOf(instances.keySet()).indexOf(instanceHost);
    }

    /** The address of a host. */
    String address(String host) {
        return net.host(host).address();
    }

    /** The hosts that a word of a scenario stands for. */
    List<String> names(String word) {
        return switch (word) {
            case Names.ALL_APPLICATIONS -> Names.APPLICATIONS;
            case Names.ALL_INSTANCES -> Names.INSTANCES;
            default -> List.of(roles.getOrDefault(word, word));
        };
    }

    /** The hosts of the network that a word of a scenario stands for. */
    List<LabHost> hosts(String word) {
        return names(word).stream().map(net::host).toList();
    }

    /**
     * Looks who is primary and who are standbys, and keeps that until the next call; each of the three has to run. "standby" is
     * the one with more sessions of the load.
     */
    void fixRoles() {
        List<String> standbys = new ArrayList<>();
        String primary = "";
        for (PgInstance instance : instances.values()) {
            if (instance.sql("SELECT pg_is_in_recovery()").equals("t")) {
                standbys.add(instance.name());
            } else {
                primary = instance.name();
            }
        }
        if (primary.isEmpty() || standbys.size() != 2) {
            throw new AssertionError("not one primary and two standbys: standbys are " + standbys);
        }
        standbys.sort(
                Comparator.comparing((String name) -> sessions(instance(name))).reversed());
        roles.put("primary", primary);
        roles.put("standby", standbys.get(0));
        roles.put("other", standbys.get(1));
    }

    private static int sessions(PgInstance instance) {
        return Integer.parseInt(
                instance.sql("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"));
    }

    /** Promotes that of the two standbys that has received more, which is "standby" from now on. */
    void promoteBest() {
        PgInstance standby = instance("standby");
        PgInstance other = instance("other");
        String sql = "SELECT '" + standby.sql("SELECT pg_last_wal_receive_lsn()") + "'::pg_lsn < '"
                + other.sql("SELECT pg_last_wal_receive_lsn()") + "'::pg_lsn";
        if (standby.sql(sql).equals("t")) {
            roles.put("standby", other.name());
            roles.put("other", standby.name());
        }
        instance("standby").promote();
    }

    /** Ends everything. */
    @Override
    public void close() {
        cluster.close();
        net.close();
    }
}
