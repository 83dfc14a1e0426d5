package io.github.pgconmgr.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The instances of a test and their files, below {@code build/run}. {@link #close} ends each and removes everything; an
 * instance on a {@link LabHost} ends with its lab as well, so close the cluster first.
 *
 * <p>Confined to the test's thread.
 */
public final class PgCluster implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final PgInstall install;
    private final Path folder = BuildFolder.scratch("pg");
    private final List<PgInstance> instances = new ArrayList<>();
    private final AtExit atExit = new AtExit(this::close);

    /** Instances of the build's PostgreSQL. */
    public PgCluster() {
        this(PgInstall.current());
    }

    /** Instances of that PostgreSQL. */
    public PgCluster(PgInstall install) {
        this.install = install;
    }

    /** A running primary made from the build's template: as all of these, with the same system identifier. */
    public PgInstance primary(String name, Machine machine, Map<String, String> settings) {
        PgInstance instance = add(name, machine, settings);
        PgTemplate.copyTo(install, instance.javaHost(), instance.data());
        instance.start();
        return instance;
    }

    /** A running primary with a system identifier of its own; takes seconds. */
    public PgInstance foreignPrimary(String name, Machine machine, Map<String, String> settings) {
        PgInstance instance = add(name, machine, settings);
        try {
            PgTemplate.initialise(install, instance.javaHost(), instance.data());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot initialise " + name, e);
        }
        instance.start();
        return instance;
    }

    /** A running hot standby that streams from the primary. */
    public PgInstance standby(String name, Machine machine, PgInstance primary, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.putIfAbsent("primary_conninfo", connectionTo(primary, name));
        PgInstance instance = add(name, machine, all);
        copyFrom(primary, instance);
        follow(instance, primary);
        return instance;
    }

    /** Makes a running standby of a stopped instance, whatever its data was: that is thrown away. */
    public void rebuild(PgInstance instance, PgInstance primary) {
        BuildFolder.delete(instance.data());
        copyFrom(primary, instance);
        follow(instance, primary);
    }

    private void copyFrom(PgInstance primary, PgInstance instance) {
        instance.machine()
                .run(
                        Account.POSTGRES,
                        List.of(
                                install.program("pg_basebackup"),
                                "-D",
                                instance.data().toString(),
                                "-d",
                                connectionTo(primary, instance.name()),
                                "-X",
                                "stream",
                                "-c",
                                "fast",
                                "--no-sync",
                                "--no-manifest"))
                .expectSuccess();
    }

    /** Lets a running standby follow another primary. */
    public void redirect(PgInstance standby, PgInstance primary) {
        standby.set("primary_conninfo", connectionTo(primary, standby.name()));
        standby.reload();
        awaitStreaming(primary, standby);
    }

    /** Starts a stopped instance as a standby of the primary; its data must be a state of that primary's past. */
    public void follow(PgInstance instance, PgInstance primary) {
        try {
            Path signal = Files.writeString(instance.data().resolve("standby.signal"), "");
            Account.POSTGRES.own(signal);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a standby of " + instance.name(), e);
        }
        instance.set("primary_conninfo", connectionTo(primary, instance.name()));
        instance.start();
        awaitStreaming(primary, instance);
    }

    /** Makes the primary wait for the standby at each commit, and blocks until it does. */
    public void synchronous(PgInstance primary, PgInstance standby) {
        primary.set("synchronous_standby_names", "\"" + standby.name() + "\"");
        primary.reload();
        Await.until(
                standby.name() + " is a synchronous standby",
                LIMIT,
                () -> replication(primary, standby).equals("streaming|sync"));
    }

    /** Blocks until the standby streams from the primary. */
    public void awaitStreaming(PgInstance primary, PgInstance standby) {
        Await.until(
                standby.name() + " streams from " + primary.name(),
                LIMIT,
                () -> replication(primary, standby).startsWith("streaming|"));
    }

    private static String replication(PgInstance primary, PgInstance standby) {
        return primary.sql(
                "SELECT state, sync_state FROM pg_stat_replication WHERE application_name = '" + standby.name() + "'");
    }

    private static String connectionTo(PgInstance primary, String standbyName) {
        return "host=" + primary.address() + " port=" + primary.port() + " user=postgres application_name="
                + standbyName;
    }

    private PgInstance add(String name, Machine machine, Map<String, String> settings) {
        Path own = folder.resolve(name);
        try {
            Files.createDirectory(own);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the folder of " + name, e);
        }
        Account.POSTGRES.own(own);
        PgInstance instance = new PgInstance(install, name, machine, own, settings);
        instances.add(instance);
        return instance;
    }

    /** Ends all instances and removes their files. */
    @Override
    public void close() {
        if (!atExit.claim()) {
            return;
        }
        // Standbys first: nobody then complains about a lost primary.
        for (int i = instances.size() - 1; i >= 0; i--) {
            instances.get(i).destroy();
        }
        BuildFolder.delete(folder);
    }
}
