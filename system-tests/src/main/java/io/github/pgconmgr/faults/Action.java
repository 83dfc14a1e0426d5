package io.github.pgconmgr.faults;

import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.LabHost;
import io.github.pgconmgr.testkit.NetnsLab;
import io.github.pgconmgr.testkit.PgInstance;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What a scenario can do to a lab. Each blocks until it is done. Immutable. */
@SuppressWarnings("ImmutableEnumChecker") // its functions have no state
enum Action {
    CUT("cut HOST", onHosts(NetnsLab::cut)),
    CUT_FROM("cut from HOST", onHosts(NetnsLab::cutFrom)),
    CUT_TO("cut to HOST", onHosts(NetnsLab::cutTo)),
    HEAL("heal HOST", onHosts(NetnsLab::heal)),
    DISTURB("disturb HOST delay MS jitter MS loss PERCENT", Action::disturb),
    CALM("calm", (lab, words) -> lab.net().calm()),
    FREEZE("freeze HOST", onHosts((net, host) -> host.freeze())),
    THAW("thaw HOST", onHosts((net, host) -> host.thaw())),
    POWER_OFF("power off HOST", onHosts(NetnsLab::powerOff)),
    POWER_ON_APPLICATIONS("power on APP", Action::powerOnApplications),
    POWER_ON_INSTANCE("power on INSTANCE", Action::powerOnInstance),
    POWER_ON_FEW_PORTS("power on APP with few ports", Action::powerOnWithFewPorts),
    ALL_PORTS("all ports APP", Action::allPorts),
    NAMES_SLOW(
            "names slow MS",
            (lab, words) ->
                    lab.surroundings().tellNames(Integer.parseInt(words.get(0).replace("ms", "")), "")),
    NAMES_SILENT("names silent", (lab, words) -> lab.surroundings().tellNames(-1, "")),
    NAMES_WRONG("names wrong", (lab, words) -> lab.surroundings().tellNames(0, "10.79.0.99")),
    NAMES_GOOD("names good", (lab, words) -> lab.surroundings().tellNames(0, "")),
    CLOCK("clock HOST OFFSET", Action::clock),
    SECOND_CONMGR("start second conmgr APP", onApplications(ApplicationHost::startSecondConmgr)),
    KILL_SECOND_CONMGR("kill second conmgr APP", onApplications(host -> host.signalSecondConmgr("KILL"))),
    STOP_SECOND_CONMGR("freeze second conmgr APP", onApplications(host -> host.signalSecondConmgr("STOP"))),
    FILL_DISK("fill disk APP", onApplications(ApplicationHost::fillDisk)),
    FREE_DISK("free disk APP", onApplications(ApplicationHost::freeDisk)),
    LIMIT_DESCRIPTORS(
            "limit descriptors APP NUMBER",
            (lab, words) -> lab.names(words.get(0))
                    .forEach(name -> lab.application(name).limitDescriptors(words.get(1)))),
    SIGNAL_CONMGR("signal conmgr APP SIGNAL", Action::signalConmgr),
    START_CONMGR("start conmgr APP", Action::startConmgr),
    SIGNAL_WORKER("signal WORKER INSTANCE SIGNAL", Action::signalWorker),
    EXHAUST_HEAP(
            "exhaust heap INSTANCE", (lab, words) -> lab.hosts(words.get(0)).forEach(lab.surroundings()::exhaustHeap)),
    SIGNAL_POSTMASTER("signal postmaster INSTANCE SIGNAL", Action::signalPostmaster),
    SIGNAL_BACKEND("signal backend INSTANCE SIGNAL", Action::signalBackend),
    END_SESSIONS("end sessions of APP at INSTANCE", Action::endSessions),
    STOP("stop INSTANCE MODE", Action::stop),
    START("start INSTANCE", onInstances(PgInstance::start)),
    PROMOTE("promote standby", (lab, words) -> lab.promoteBest()),
    FOLLOW("follow INSTANCE INSTANCE", Action::follow),
    REJOIN("rejoin INSTANCE INSTANCE", Action::rejoin),
    REBUILD("rebuild INSTANCE INSTANCE", Action::rebuild);

    private final Phrase phrase;
    private final BiConsumer<FaultLab, List<String>> body;

    Action(String phrase, BiConsumer<FaultLab, List<String>> body) {
        this.phrase = Phrase.of(phrase);
        this.body = body;
    }

    /** An action with its words. Immutable. */
    record Bound(Action action, List<String> arguments) {

        /** Does it; blocks. */
        void on(FaultLab lab) {
            action.body.accept(lab, arguments);
        }
    }

    /** The action that these words ask for; an IllegalArgumentException lists what there is. */
    static Bound of(List<String> words) {
        for (Action action : values()) {
            List<String> arguments = action.phrase.match(words).orElse(null);
            if (arguments != null) {
                return new Bound(action, arguments);
            }
        }
        throw new IllegalArgumentException("no action \"" + String.join(" ", words) + "\"; there are: "
                + Arrays.stream(values()).map(each -> each.phrase.toString()).collect(Collectors.joining(", ")));
    }

    private static BiConsumer<FaultLab, List<String>> onHosts(BiConsumer<NetnsLab, LabHost> body) {
        return (lab, words) -> lab.hosts(words.get(0)).forEach(host -> body.accept(lab.net(), host));
    }

    private static BiConsumer<FaultLab, List<String>> onInstances(Consumer<PgInstance> body) {
        return (lab, words) -> lab.names(words.get(0)).forEach(name -> body.accept(lab.instance(name)));
    }

    private static BiConsumer<FaultLab, List<String>> onApplications(Consumer<ApplicationHost> body) {
        return (lab, words) -> lab.names(words.get(0)).forEach(name -> body.accept(lab.application(name)));
    }

    private static void clock(FaultLab lab, List<String> words) {
        lab.hosts(words.get(0)).forEach(host -> lab.surroundings().stepClock(host, words.get(1)));
    }

    private static void disturb(FaultLab lab, List<String> words) {
        int delay = number(words.get(1));
        int jitter = number(words.get(2));
        lab.hosts(words.get(0)).forEach(host -> lab.net().disturb(host, delay, jitter, number(words.get(3))));
    }

    private static int number(String word) {
        return Integer.parseInt(word.replaceFirst("\\D+$", ""));
    }

    /** conmgr and the load come with the host, as services do. */
    private static void powerOnApplications(FaultLab lab, List<String> words) {
        for (String name : lab.names(words.get(0))) {
            powerOn(lab, name);
            lab.application(name).startLoad();
        }
    }

    private static void powerOn(FaultLab lab, String name) {
        lab.net().boot(lab.net().host(name));
        lab.surroundings().prepareApplicationHost(lab.net().host(name));
        lab.application(name).configureAgain();
        lab.application(name).startConmgr();
    }

    /** So few that the next connections get ports that old ones have had. */
    private static void powerOnWithFewPorts(FaultLab lab, List<String> words) {
        for (String name : lab.names(words.get(0))) {
            powerOn(lab, name);
            setPorts(lab, name, "40000 40150");
            lab.application(name).startLoad();
        }
    }

    private static void allPorts(FaultLab lab, List<String> words) {
        lab.names(words.get(0)).forEach(name -> setPorts(lab, name, "32768 60999"));
    }

    private static void setPorts(FaultLab lab, String host, String range) {
        lab.net()
                .host(host)
                .exec("sysctl", "-q", "-w", "net.ipv4.ip_local_port_range=" + range)
                .expectSuccess();
    }

    private static void powerOnInstance(FaultLab lab, List<String> words) {
        for (String name : lab.names(words.get(0))) {
            lab.net().boot(lab.net().host(name));
            lab.instance(name).start();
        }
    }

    private static void signalConmgr(FaultLab lab, List<String> words) {
        lab.names(words.get(0)).forEach(name -> lab.application(name).signalConmgr(words.get(1)));
    }

    private static void startConmgr(FaultLab lab, List<String> words) {
        lab.names(words.get(0)).forEach(name -> lab.application(name).startConmgr());
    }

    private static void signalWorker(FaultLab lab, List<String> words) {
        String sql = "SELECT pid FROM pg_stat_activity WHERE backend_type = '" + words.get(0) + "'";
        signal(lab.instance(words.get(1)), sql, words.get(2));
    }

    private static void signalBackend(FaultLab lab, List<String> words) {
        String sql =
                "SELECT min(pid) FROM pg_stat_activity WHERE client_addr IS NOT NULL AND backend_type = 'client backend'";
        signal(lab.instance(words.get(0)), sql, words.get(1));
    }

    private static void signal(PgInstance instance, String pidQuery, String signal) {
        kill(instance, signal, instance.sql(pidQuery));
    }

    private static void signalPostmaster(FaultLab lab, List<String> words) {
        PgInstance instance = lab.instance(words.get(0));
        kill(instance, words.get(1), Long.toString(instance.pid()));
    }

    private static void kill(PgInstance instance, String signal, String pid) {
        instance.machine()
                .run(Account.OURSELVES, List.of("sh", "-c", "kill -" + signal + " " + pid))
                .expectSuccess();
    }

    private static void endSessions(FaultLab lab, List<String> words) {
        for (String instance : lab.names(words.get(1))) {
            lab.names(words.get(0))
                    .forEach(host -> lab.instance(instance)
                            .sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE '"
                                    + host + "-%'"));
        }
    }

    private static void stop(FaultLab lab, List<String> words) {
        PgInstance.StopMode mode = PgInstance.StopMode.valueOf(words.get(1).toUpperCase(Locale.ROOT));
        lab.names(words.get(0)).forEach(name -> lab.instance(name).stop(mode));
    }

    private static void follow(FaultLab lab, List<String> words) {
        lab.cluster().redirect(lab.instance(words.get(0)), lab.instance(words.get(1)));
    }

    /** After an orderly stop there is nothing that the new primary does not have. */
    private static void rejoin(FaultLab lab, List<String> words) {
        lab.cluster().follow(lab.instance(words.get(0)), lab.instance(words.get(1)));
    }

    private static void rebuild(FaultLab lab, List<String> words) {
        lab.cluster().rebuild(lab.instance(words.get(0)), lab.instance(words.get(1)));
    }
}
