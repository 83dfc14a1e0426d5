package io.github.pgconmgr.faults;

import io.github.pgconmgr.faults.load.HeapHoard;
import io.github.pgconmgr.faults.load.NameServer;
import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.JavaCommand;
import io.github.pgconmgr.testkit.LabHost;
import io.github.pgconmgr.testkit.NetnsLab;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * What a {@link Layout} puts around the hosts of a lab: the router, the name server, disks, clocks, agents.
 *
 * <p>Confined to its lab's thread.
 */
final class Surroundings {

    /** The host that is neither an application's nor an instance's: router or name server. */
    static final String THIRD = "third";

    private static final String DOMAIN = ".test";

    /** The default of watchdog.jvm_options. */
    private static final String JVM_OPTIONS = "-Xss512k -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData";

    private final Layout layout;
    private final NetnsLab net;

    Surroundings(Layout layout) {
        this.layout = layout;
        List<String> hosts = new ArrayList<>(Names.APPLICATIONS);
        hosts.addAll(Names.INSTANCES);
        if (layout == Layout.NAT || layout == Layout.NAMES) {
            hosts.add(THIRD);
        }
        this.net = NetnsLab.of(hosts.toArray(String[]::new));
    }

    NetnsLab net() {
        return net;
    }

    /** Before anything is started. */
    void prepare() {
        switch (layout) {
            case NAT -> makeRouter(third());
            case NAMES -> startNameServer();
            case CLOCKS ->
                Stream.concat(Names.APPLICATIONS.stream(), Names.INSTANCES.stream())
                        .forEach(this::giveClock);
            case HEAPS -> writeAgent();
            case PLAIN, DISKS -> {}
        }
        Names.APPLICATIONS.forEach(name -> prepareApplicationHost(net.host(name)));
    }

    /** Before anything is started on an application host, each time that it has been switched on. */
    void prepareApplicationHost(LabHost host) {
        switch (layout) {
            case NAT ->
                Names.INSTANCES.forEach(name -> host.exec(
                                "ip", "route", "add", net.host(name).address() + "/32", "via", third().address())
                        .expectSuccess());
            case NAMES -> {
                Path file = write(
                        host.folder().resolve("resolv.conf"),
                        "nameserver " + third().address() + "\noptions timeout:1 attempts:1\n");
                host.exec("mount", "--bind", file.toString(), "/etc/resolv.conf")
                        .expectSuccess();
            }
            case DISKS -> {
                Path folder = ApplicationHost.folder(host);
                host.exec("mkdir", "-p", folder.toString()).expectSuccess();
                host.exec("mount", "-t", "tmpfs", "-o", "size=8m,mode=700", "conmgr", folder.toString())
                        .expectSuccess();
            }
            case PLAIN, CLOCKS, HEAPS -> {}
        }
    }

    /** What an instance on that host needs among its settings. */
    Map<String, String> instanceSettings(LabHost host) {
        return layout == Layout.HEAPS
                ? Map.of("watchdog.jvm_options", JVM_OPTIONS + " -javaagent:" + agent() + "=" + order(host))
                : Map.of();
    }

    /** What conmgr.conf says for that host. */
    String nameOf(LabHost host) {
        return layout == Layout.NAMES ? host.name() + DOMAIN : host.address();
    }

    private LabHost third() {
        return net.host(THIRD);
    }

    private static void makeRouter(LabHost router) {
        for (String setting : List.of("ip_forward=1", "conf.all.send_redirects=0", "conf.eth0.send_redirects=0")) {
            router.exec("sysctl", "-q", "-w", "net.ipv4." + setting).expectSuccess();
        }
        router.exec(
                        "nft",
                        "add table ip nat; add chain ip nat out { type nat hook postrouting priority 100 ; };"
                                + " add rule ip nat out masquerade")
                .expectSuccess();
    }

    private void startNameServer() {
        tellNames(0, "");
        Path root = BuildFolder.root();
        List<Path> classPath =
                List.of(root.resolve("system-tests/target/classes"), root.resolve("wire/target/classes"));
        String main = NameServer.class.getName();
        third().start(
                        Account.OURSELVES,
                        "names",
                        JavaCommand.of(32, classPath, main, third().address(), names().toString()));
        Await.until(
                "the name server listens",
                Duration.ofSeconds(20),
                () -> third().exec("ss", "-Hlun", "sport = :53").out().contains(":53"));
    }

    private Path names() {
        return third().folder().resolve("names");
    }

    /**
     * What the name server answers from now on.
     *
     * @param delayMillis -1: nothing
     * @param wrong the address of every name; empty: the right ones
     */
    void tellNames(int delayMillis, String wrong) {
        StringBuilder text = new StringBuilder(delayMillis + "\n");
        for (String name : Names.INSTANCES) {
            String address = wrong.isEmpty() ? net.host(name).address() : wrong;
            text.append(name).append(DOMAIN).append(' ').append(address).append('\n');
        }
        Path part = write(third().folder().resolve("names.part"), text.toString());
        try {
            Files.move(part, names(), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + names(), e);
        }
    }

    private void giveClock(String name) {
        LabHost host = net.host(name);
        stepClock(host, "+0");
        host.environment(
                "LD_PRELOAD=" + faketime(),
                "FAKETIME_TIMESTAMP_FILE=" + clock(host),
                "FAKETIME_NO_CACHE=1",
                "DONT_FAKE_MONOTONIC=1",
                "FAKETIME_FORCE_MONOTONIC_FIX=0");
    }

    /** Debian has it in a folder of the processor's name. */
    private static Path faketime() {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(Path.of("/usr/lib"), "*-linux-gnu*")) {
            for (Path folder : folders) {
                Path library = folder.resolve("faketime/libfaketimeMT.so.1");
                if (Files.exists(library)) {
                    return library;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read /usr/lib", e);
        }
        throw new AssertionError("no libfaketimeMT.so.1: package libfaketime (make faults-deps)");
    }

    /** Sets the host's time of day that many seconds before or after ours. */
    void stepClock(LabHost host, String offset) {
        write(clock(host), offset + "\n");
    }

    private static Path clock(LabHost host) {
        return host.folder().resolve("clock");
    }

    /** A jar with the one class of the agent. */
    private void writeAgent() {
        String entry = HeapHoard.class.getName().replace('.', '/') + ".class";
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", HeapHoard.class.getName());
        try (OutputStream file = Files.newOutputStream(agent());
                JarOutputStream jar = new JarOutputStream(file, manifest)) {
            jar.putNextEntry(new ZipEntry(entry));
            Files.copy(BuildFolder.root().resolve("system-tests/target/classes").resolve(entry), jar);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + agent(), e);
        }
    }

    private Path agent() {
        return net.host(Names.INSTANCES.get(0)).folder().resolve("hoard.jar");
    }

    private static Path order(LabHost host) {
        return host.folder().resolve("hoard");
    }

    /** The heap of the JVM that the watchdog there has now gets full, and stays so; the next JVM's does not. */
    void exhaustHeap(LabHost host) {
        write(order(host), "now");
    }

    private static Path write(Path file, String text) {
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
