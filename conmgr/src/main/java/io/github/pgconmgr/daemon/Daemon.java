package io.github.pgconmgr.daemon;

import io.github.pgconmgr.admin.AdminServer;
import io.github.pgconmgr.admin.AwaitScope;
import io.github.pgconmgr.admin.ConmgrStatus;
import io.github.pgconmgr.admin.ControlAnswers;
import io.github.pgconmgr.admin.ControlLimits;
import io.github.pgconmgr.admin.ControlTarget;
import io.github.pgconmgr.admin.ReloadReport;
import io.github.pgconmgr.admin.StatusReport;
import io.github.pgconmgr.admin.StopMode;
import io.github.pgconmgr.admin.TopologyReport;
import io.github.pgconmgr.config.ConfigException;
import io.github.pgconmgr.config.ConfigLoader;
import io.github.pgconmgr.config.ConmgrConfig;
import io.github.pgconmgr.config.LoadedConfig;
import io.github.pgconmgr.config.Setting;
import io.github.pgconmgr.log.DaemonLog;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.wire.heartbeat.Goodbye;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One conmgr process from start to end (L10): the checks in the order in which they fail cheapest, the wiring, the main
 * thread's loop of {@link DaemonEvent}s.
 *
 * <p>Confined to the main thread, but for {@link #post}, which any thread may call.
 */
final class Daemon {

    static final String COMPONENT = "conmgr";

    private static final long SUMMARY_SECONDS = 60;

    /** Makes the parts of a configuration; nothing of them runs yet. */
    interface PartsFactory {
        Parts create(LoadedConfig loaded, DaemonLog log) throws StartException;
    }

    private final Path directory;
    private final DaemonLog log;
    private final PartsFactory factory;
    private final ServiceManager serviceManager;
    private final Instant since;
    private @Nullable Reloader reloader;
    private final long pid = ProcessHandle.current().pid();
    private final BlockingQueue<Consumer<DaemonLifeCycle>> jobs = new LinkedBlockingQueue<>();
    private final AtomicBoolean statusPosted = new AtomicBoolean();
    private Goodbye.Reason goodbye = Goodbye.Reason.STOP;

    /**
     * @param since the time of day of the start, for people
     */
    Daemon(Path directory, DaemonLog log, PartsFactory factory, ServiceManager serviceManager, Instant since) {
        this.directory = directory;
        this.log = log;
        this.factory = factory;
        this.serviceManager = serviceManager;
        this.since = since;
    }

    /** Hands an event to the main thread; comes back at once. */
    void post(DaemonEvent event) {
        jobs.add(life -> life.onEvent(event));
    }

    /** The same, with a word to the instances that another conmgr follows. */
    private void postRestart(DaemonEvent event) {
        jobs.add(life -> {
            goodbye = Goodbye.Reason.RESTART;
            life.onEvent(event);
        });
    }

    /** SIGHUP: hands a reload to the main thread; comes back at once. */
    void postReload() {
        jobs.add(this::reload);
    }

    /**
     * Lives the whole life.
     *
     * @throws StartException if it ends before it begins; nothing is left behind then but the lock file
     */
    void run(ProcessUser user) throws StartException, IOException, InterruptedException {
        user.refuseRoot();
        ConmgrDirectory.check(directory);
        DirectoryLock lock = DirectoryLock.acquire(directory);
        LoadedConfig loaded = load();
        ConmgrConfig config = loaded.config();
        FileDescriptors.check(config, FileDescriptors.limit(), log);
        ListenBacklog.check(config.relay().pool(), ListenBacklog.limit(), log);
        Parts parts = factory.create(loaded, log);
        reloader = new Reloader(directory, loaded, changed -> take(parts, changed), log);
        PidFile pidFile = new PidFile(pid, since, directory, config.port());
        pidFile.write();
        try {
            AdminServer admin = openAdmin(config, parts);
            try {
                parts.start(() -> {
                    admin.onTopologyChanged();
                    postStatus(parts);
                });
                startThread("admin", admin);
                live(parts, config);
            } finally {
                admin.unlink();
            }
        } finally {
            pidFile.remove();
        }
        if (!lock.isHeld()) {
            throw new IllegalStateException("the lock must outlive the daemon");
        }
        log.write(Message.STOPPED, COMPONENT);
    }

    /** One job at a time, however often the topology changes. */
    private void postStatus(Parts parts) {
        if (serviceManager.listens() && statusPosted.compareAndSet(false, true)) {
            jobs.add(life -> {
                statusPosted.set(false);
                serviceManager.status(parts.statusLine());
            });
        }
    }

    private void take(Parts parts, ConmgrConfig changed) {
        log.configure(changed.log());
        List<Setting> settings = reloader == null ? List.of() : reloader.settings();
        parts.reload(new LoadedConfig(changed, settings, List.of()));
    }

    private LoadedConfig load() throws StartException {
        try {
            LoadedConfig loaded = ConfigLoader.load(directory);
            log.configure(loaded.config().log());
            loaded.warnings().forEach(warning -> log.write(Message.CONFIG_WARNING, COMPONENT, warning));
            return loaded;
        } catch (ConfigException e) {
            e.problems().forEach(problem -> log.write(Message.CONFIG_PROBLEM, COMPONENT, problem));
            throw new StartException(Message.CONFIG_UNUSABLE, directory.resolve(ConfigLoader.FILE_NAME));
        }
    }

    private AdminServer openAdmin(ConmgrConfig config, Parts parts) throws StartException {
        ControlAnswers answers = new ControlAnswers(
                new Target(parts, config.port()), new ControlAnswers.ConmgrIdentity(pid, Version.NUMBER));
        try {
            return AdminServer.open(directory, answers, log, NanoClock.SYSTEM);
        } catch (IOException e) {
            throw new StartException(Message.CONTROL_SOCKET_FAILED, directory, String.valueOf(e.getMessage()));
        }
    }

    private void live(Parts parts, ConmgrConfig config) throws InterruptedException {
        DaemonLifeCycle life = new DaemonLifeCycle(new Commands(parts), log);
        life.onEvent(DaemonEvent.STARTED);
        log.write(
                Message.STARTED,
                COMPONENT,
                Version.NUMBER,
                directory,
                config.port(),
                config.instances().size());
        serviceManager.ready();
        while (life.state() != DaemonState.ENDED) {
            Consumer<DaemonLifeCycle> job = jobs.poll(SUMMARY_SECONDS, TimeUnit.SECONDS);
            if (job == null) {
                log.writeDueSummaries();
            } else {
                job.accept(life);
            }
        }
    }

    private ReloadReport reload(DaemonLifeCycle life) {
        boolean lives = life.state() == DaemonState.RUNNING || life.state() == DaemonState.DRAINING;
        if (!lives || reloader == null) {
            return ReloadReport.refused("conmgr is stopping, nothing was changed", List.of());
        }
        serviceManager.reloading();
        ReloadReport report = reloader.reload();
        serviceManager.ready();
        return report;
    }

    private static void startThread(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** What the life cycle does to the parts. Confined to the main thread. */
    private final class Commands implements DaemonLifeCycle.Commands {
        private final Parts parts;

        Commands(Parts parts) {
            this.parts = parts;
        }

        @Override
        public void drain() {
            serviceManager.stopping("stops when the last application has left");
            parts.drain(() -> post(DaemonEvent.LAST_APPLICATION_LEFT));
        }

        /** On a thread of its own, so that an immediate stop still gets through. */
        @Override
        public void stopParts() {
            Goodbye.Reason reason = goodbye;
            serviceManager.stopping("stops");
            startThread("stop", () -> {
                parts.stop(reason);
                post(DaemonEvent.PARTS_STOPPED);
            });
        }
    }

    /** What the control socket may ask. Confined to the admin thread. */
    private final class Target implements ControlTarget {
        private final Parts parts;
        private final int port;

        Target(Parts parts, int port) {
            this.parts = parts;
            this.port = port;
        }

        @Override
        public StatusReport status() throws TimeoutException, InterruptedException {
            Parts.Status status = parts.status();
            ConmgrStatus conmgr = new ConmgrStatus(
                    pid, Version.NUMBER, directory.toAbsolutePath().normalize().toString(), port, since);
            return new StatusReport(conmgr, status.instances(), status.applications(), status.pool());
        }

        @Override
        public boolean stands(AwaitScope scope) {
            return parts.stands(scope);
        }

        @Override
        public TopologyReport topology() throws TimeoutException, InterruptedException {
            return parts.topology();
        }

        @Override
        public String forgetTimeline(boolean really) throws TimeoutException, InterruptedException {
            return parts.forgetTimeline(really);
        }

        @Override
        public ReloadReport reload() throws TimeoutException, InterruptedException {
            CompletableFuture<ReloadReport> report = new CompletableFuture<>();
            jobs.add(life -> report.complete(Daemon.this.reload(life)));
            try {
                return report.get(ControlLimits.STATUS.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                throw new IllegalStateException("nobody completes it so", e);
            }
        }

        @Override
        public void stop(StopMode mode, boolean restart) {
            DaemonEvent event = switch (mode) {
                case SMART -> DaemonEvent.STOP_SMART;
                case FAST -> DaemonEvent.STOP_FAST;
                case IMMEDIATE -> DaemonEvent.STOP_IMMEDIATE;
            };
            if (restart) {
                postRestart(event);
            } else {
                post(event);
            }
        }
    }
}
