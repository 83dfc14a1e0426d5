package io.github.pgconmgr.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A small network of hosts, each in namespaces of its own, on a switch in a namespace of its own: the machine's own network
 * gets no device, address or rule. The cables can be cut at the switch, also in one direction, which no end can see.
 *
 * <p>Confined to the test's thread. Needs root. {@link #close} ends every process on the hosts; so does the end of this JVM.
 */
public final class NetnsLab implements AutoCloseable {

    private static final int FIRST_NUMBER = 11;
    private static final int WATCHDOG_PORT = 27545;
    private static final String SWITCH_RULES = """
            table bridge lab {
              set cut_from {
                type ifname
              }
              set cut_to {
                type ifname
              }
              chain forward {
                type filter hook forward priority 0; policy accept;
                iifname @cut_from counter drop
                oifname @cut_to counter drop
              }
            }
            """;

    private final Path folder;
    private final Namespaces bridge;
    private final Map<String, LabHost> hosts = new LinkedHashMap<>();
    private final AtExit atExit = new AtExit(this::close);
    private @Nullable SlowSwitch slowSwitch;
    private List<SilentGap> gaps = List.of();

    private NetnsLab(Path folder, Namespaces bridge) {
        this.folder = folder;
        this.bridge = bridge;
    }

    /** Builds the network; host names have at most 12 characters. The n-th host has the number 10 + n. */
    public static NetnsLab of(String... hostNames) {
        if (!Account.weAreRoot()) {
            throw new AssertionError("hosts in network namespaces need root: run make check as root");
        }
        Path folder = BuildFolder.scratch("lab");
        Namespaces bridge = Namespaces.create("ip link add br0 type bridge\nip link set br0 up");
        NetnsLab lab = new NetnsLab(folder, bridge);
        try {
            lab.loadRules();
            lab.addHosts(hostNames);
            return lab;
        } catch (Throwable e) {
            lab.close();
            throw e;
        }
    }

    private void loadRules() {
        try {
            Path rules = Files.writeString(folder.resolve("switch.nft"), SWITCH_RULES);
            bridge.run(List.of("nft", "-f", rules.toString())).expectSuccess();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the switch's rules", e);
        }
    }

    private void addHosts(String... hostNames) {
        StringBuilder names = new StringBuilder("127.0.0.1 localhost\n::1 localhost\n");
        for (String name : hostNames) {
            LabHost host = new LabHost(name, FIRST_NUMBER + hosts.size(), hostFolder(name));
            hosts.put(name, host);
            names.append(host.address()).append(' ').append(name).append('\n');
            names.append(host.address6()).append(' ').append(name).append('\n');
        }
        try {
            Files.writeString(hostsFile(), names);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the hosts file", e);
        }
        hosts.values().forEach(this::boot);
    }

    private Path hostFolder(String name) {
        try {
            Path made = Files.createDirectory(folder.resolve(name));
            Machine.LOCAL
                    .run(Account.OURSELVES, List.of("chmod", "1777", made.toString()))
                    .expectSuccess();
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the folder of host " + name, e);
        }
    }

    private Path hostsFile() {
        return folder.resolve("hosts");
    }

    /** The host of that name. */
    public LabHost host(String name) {
        LabHost host = hosts.get(name);
        if (host == null) {
            throw new IllegalArgumentException("no host " + name + " in this lab");
        }
        return host;
    }

    /** Cuts the host's cable: silently, both ways. */
    public void cut(LabHost host) {
        prepareCut(host).make();
    }

    /** The same, for whoever wants to know exactly when; to be made once. */
    public PreparedCut prepareCut(LabHost host) {
        return new PreparedCut(bridge, cut("from", host) + "; " + cut("to", host));
    }

    /** What the host sends is lost; it still hears the others. */
    public void cutFrom(LabHost host) {
        nft(cut("from", host));
    }

    /** What the others send is lost on the way to the host; it is still heard. */
    public void cutTo(LabHost host) {
        nft(cut("to", host));
    }

    private static String cut(String way, LabHost host) {
        return "add element bridge lab cut_" + way + " { " + port(host) + " }";
    }

    /** Repairs every cut of the host. */
    public void heal(LabHost host) {
        // delete fails on an element that is not there; add does not, so both together always work.
        for (String way : List.of("from", "to")) {
            nft(cut(way, host) + "; " + cut(way, host).replaceFirst("^add", "delete"));
        }
    }

    /**
     * Makes the host's cable a bad one, both ways: each frame is delayed by {@code delayMillis} plus or minus {@code
     * jitterMillis}, or lost with that probability. A switch in user space takes the bridge's place meanwhile (kernels without
     * netem can do it, too): cuts do not work then.
     */
    public void disturb(LabHost host, int delayMillis, int jitterMillis, double lossPercent) {
        if (slowSwitch == null) {
            slowSwitch = new SlowSwitch(bridge, folder.resolve("switch.log"), WATCHDOG_PORT, portNames());
            setMaster("nomaster");
        }
        slowSwitch.order(portName(host), delayMillis, jitterMillis, lossPercent);
    }

    /** All cables are good again. What is under way is lost, {@link #gaps} are known. */
    public void calm() {
        if (slowSwitch != null) {
            setMaster("master br0");
            slowSwitch.close();
            gaps = slowSwitch.gaps();
            slowSwitch = null;
        }
    }

    /** In the connections to watchdogs, while the cables were bad the last time: the gaps of 50 ms and more. */
    public List<SilentGap> gaps() {
        return gaps;
    }

    private List<String> portNames() {
        return hosts.values().stream()
                .filter(LabHost::isOn)
                .map(NetnsLab::portName)
                .toList();
    }

    private void setMaster(String master) {
        for (String port : portNames()) {
            inSwitch("ip link set " + port + " " + master);
        }
    }

    /** A loss of power: the cable goes silent first, so no process's end is heard, then everything on the host is gone. */
    public void powerOff(LabHost host) {
        cut(host);
        host.switchOff();
        // The kernel removes the cable with the namespace, but some time later; whoever comes second finds nothing.
        bridge.run(List.of("ip", "link", "del", portName(host)));
    }

    /** Switches a host on: same names, addresses and machine id, a new boot id, no processes, the cable whole. */
    public void boot(LabHost host) {
        if (host.isOn() || slowSwitch != null) {
            throw new IllegalStateException("host " + host.name() + " is on, or the cables are bad");
        }
        host.switchOn(hostsFile());
        String port = portName(host);
        inSwitch("ip link add " + port + " type veth peer name eth0 address " + host.linkAddress() + " netns "
                + host.initPid());
        inSwitch("ip link set " + port + " master br0 up");
        host.exec("ip", "addr", "add", host.address() + "/24", "dev", "eth0").expectSuccess();
        host.exec("ip", "addr", "add", host.address6() + "/64", "dev", "eth0", "nodad")
                .expectSuccess();
        host.exec("ip", "link", "set", "eth0", "up").expectSuccess();
        heal(host);
    }

    private void inSwitch(String command) {
        // The host is named by a process id of ours, so only the switch's network is entered, not its processes.
        List<String> enter = List.of("nsenter", "-t", Long.toString(bridge.pid()), "--net", "--");
        List<String> argv = new ArrayList<>(enter);
        argv.addAll(List.of(command.split(" ")));
        Machine.LOCAL.run(Account.OURSELVES, argv).expectSuccess();
    }

    private void nft(String commands) {
        bridge.run(List.of("nft", commands)).expectSuccess();
    }

    private static String portName(LabHost host) {
        return "s-" + host.name();
    }

    private static String port(LabHost host) {
        return "\"" + portName(host) + "\"";
    }

    /** Ends every process on the hosts, removes the network and the lab's files. */
    @Override
    public void close() {
        if (!atExit.claim()) {
            return;
        }
        for (LabHost host : hosts.values()) {
            if (host.isOn()) {
                host.switchOff();
            }
        }
        if (slowSwitch != null) {
            slowSwitch.close();
        }
        bridge.close();
        BuildFolder.delete(folder);
    }
}
