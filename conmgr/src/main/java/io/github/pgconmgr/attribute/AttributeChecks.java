package io.github.pgconmgr.attribute;

import io.github.pgconmgr.config.CheckConninfo;
import io.github.pgconmgr.config.CheckMode;
import io.github.pgconmgr.config.ConmgrConfig;
import io.github.pgconmgr.config.HeartbeatConfig;
import io.github.pgconmgr.config.InstanceConfig;
import io.github.pgconmgr.heartbeat.HeartbeatLoop;
import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.topology.CheckEvents;
import io.github.pgconmgr.topology.Topology;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The checks by SQL of all instances that ask for them, joined to the heartbeat loop (ADR 10). Their blocking steps run on threads
 * ({@code check-N}) that are made as they are needed: instances that answer in a millisecond share one or two, each that hangs has
 * one to itself.
 *
 * <p>Shared: made and closed by the daemon's main thread.
 */
public final class AttributeChecks implements AutoCloseable {

    private static final long IDLE_THREAD_SECONDS = 10;
    private static final long GOODBYE_MILLIS = 500;

    private final ConmgrConfig config;
    private final HeartbeatLoop loop;
    private final Topology topology;
    private final Log log;
    private final ThreadPoolExecutor pool;
    private volatile HeartbeatConfig current;

    /** Joins the loop, which is not started yet. */
    public AttributeChecks(ConmgrConfig config, HeartbeatLoop loop, Topology topology, Log log) {
        this.config = config;
        this.loop = loop;
        this.topology = topology;
        this.log = log;
        this.current = config.heartbeat();
        this.pool = pool();
        config.instances().forEach(this::join);
    }

    /**
     * Turns nobody away, and needs no limit: each instance has one step at a time. But the next one may come while the thread of the
     * last one, which has told its result, is not free yet.
     */
    static ThreadPoolExecutor pool() {
        AtomicInteger threads = new AtomicInteger();
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_THREAD_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "check-" + threads.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Whether any instance is checked by SQL. */
    public static boolean isNeeded(ConmgrConfig config) {
        return config.instances().stream().anyMatch(i -> i.check().mode().usesSql());
    }

    /** Another configuration holds from now on; the loop tells the links. Any thread. */
    public void reload(HeartbeatConfig changed) {
        current = changed;
    }

    private void join(InstanceConfig instance) {
        CheckConninfo conninfo = instance.check().conninfo();
        if (!instance.check().mode().usesSql() || conninfo == null) {
            return;
        }
        int number = instance.number();
        CheckEvents events = topology.eventsOf(number);
        if (instance.check().mode() == CheckMode.SQL) {
            loop.join(link(instance, conninfo, "instance " + number, events));
        } else {
            Confirmation confirmation = new Confirmation(number, config.heartbeat(), events, log);
            SqlLink link = link(instance, conninfo, "SQL of instance " + number, confirmation.sql());
            confirmation.commandBy(link::askNow, link::leave);
            loop.reportTo(number, confirmation.watchdog());
            loop.join(confirmation);
            loop.join(link);
        }
    }

    private SqlLink link(InstanceConfig instance, CheckConninfo conninfo, String component, CheckEvents events) {
        long limitSeconds = conninfo.connectTimeoutSeconds() == 0 ? Long.MAX_VALUE : conninfo.connectTimeoutSeconds();
        SqlLink.Subject subject =
                new SqlLink.Subject(instance.number(), component, TimeUnit.SECONDS.toNanos(limitSeconds));
        return new SqlConnector(
                        new CheckTarget(instance, conninfo),
                        pool,
                        loop::post,
                        () -> current,
                        commands -> new SqlLink(subject, config.heartbeat(), commands, events, log))
                .link();
    }

    /** Lets the goodbyes go out, for half a second at most. The loop has ended. */
    @Override
    public void close() {
        pool.shutdown();
        try {
            if (!pool.awaitTermination(GOODBYE_MILLIS, TimeUnit.MILLISECONDS)) {
                pool.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
