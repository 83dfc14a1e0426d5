package io.github.pgconmgr.jdbc;

import io.github.pgconmgr.time.NanoClock;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One daemon thread and one selector for the conmgr channels of all connections (T4). The thread starts with the first of them
 * and ends when there has been none for a while, or, once the driver is deregistered, as soon as there is none: it must not
 * keep a class loader alive that nobody uses any more.
 *
 * <p>Shared: {@link #watch}, {@link #onChannelClosed} and {@link #retire} may be called from any thread and do not block; the selector's
 * keys are confined to the watcher's thread.
 */
final class Watcher {

    /** The thread's name. */
    static final String THREAD_NAME = "conmgr-watcher";

    /** How long the thread outlives the last connection, so that a program that connects now and then starts it once. */
    static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final Logger LOGGER = Logger.getLogger(Watcher.class.getName());

    private final NanoClock clock;
    private final long idleNanos;
    private final Object lock = new Object();
    private final Queue<Watch> arriving = new ConcurrentLinkedQueue<>();
    private @Nullable Selector selector;
    private final AtomicBoolean channelsClosed = new AtomicBoolean();
    private volatile boolean retired;

    Watcher(NanoClock clock, long idleNanos) {
        this.clock = clock;
        this.idleNanos = idleNanos;
    }

    /**
     * Watches until either side ends. The watch's channel must be non-blocking.
     *
     * @throws IOException if no selector can be had (no file descriptor left)
     */
    void watch(Watch watch) throws IOException {
        synchronized (lock) {
            if (selector == null) {
                selector = start();
            }
            arriving.add(watch);
            selector.wakeup();
        }
    }

    /** A channel was closed: lets the selector forget it, which is when its descriptor is freed. */
    void onChannelClosed() {
        channelsClosed.set(true);
        wakeUp();
    }

    private void wakeUp() {
        synchronized (lock) {
            if (selector != null) {
                selector.wakeup();
            }
        }
    }

    /** The driver was deregistered. What is watched now is watched to its end. */
    void retire() {
        retired = true;
        wakeUp();
    }

    private Selector start() throws IOException {
        Watch.prepareForNotices();
        Selector opened = Selector.open();
        // No inherited thread locals and no foreign context class loader: the thread may outlive who started it.
        Thread thread = new Thread(null, () -> run(opened), THREAD_NAME, 0, false);
        thread.setContextClassLoader(Watcher.class.getClassLoader());
        thread.setDaemon(true);
        boolean started = false;
        try {
            thread.start();
            started = true;
            return opened;
        } finally {
            if (!started) {
                opened.close();
            }
        }
    }

    private void run(Selector mine) {
        try {
            loop(mine);
        } catch (IOException | RuntimeException | Error e) {
            LOGGER.log(Level.SEVERE, "the watcher failed; the connections that it watched are ended", e);
            abandon(mine);
        }
    }

    private void loop(Selector mine) throws IOException {
        long idleMillis = TimeUnit.NANOSECONDS.toMillis(idleNanos) + 1;
        long emptySinceNanos = clock.nanoTime();
        List<Watch> ended = new ArrayList<>();
        while (true) {
            // A selector swallows a wake-up that comes while it hands out events: what the wake-up is for is looked at
            // here.
            boolean atOnce = channelsClosed.getAndSet(false) || !ended.isEmpty();
            int readable = atOnce
                    ? mine.selectNow(key -> onReadable(key, ended))
                    : mine.select(key -> onReadable(key, ended), mine.keys().isEmpty() ? idleMillis : 0);
            if (readable == 0) {
                // Behind all cuts: of many sessions that lose their instance at once, none waits for another's tidying.
                ended.forEach(Watch::closeChannel);
                ended.clear();
            }
            registerArriving(mine);
            long nowNanos = clock.nanoTime();
            if (!mine.keys().isEmpty()) {
                emptySinceNanos = nowNanos;
            } else if ((retired || nowNanos - emptySinceNanos >= idleNanos) && stop(mine)) {
                return;
            }
        }
    }

    private static void onReadable(SelectionKey key, List<Watch> ended) {
        Watch watch = (Watch) key.attachment();
        String reason = watch.readNotice();
        if (reason != null) {
            // At once: who closes a channel forgets its keys last, and until then this one is found readable again.
            key.cancel();
            watch.onDown(reason);
            ended.add(watch);
        }
    }

    private void registerArriving(Selector mine) {
        for (Watch watch = arriving.poll(); watch != null; watch = arriving.poll()) {
            try {
                watch.channel().register(mine, SelectionKey.OP_READ, watch);
            } catch (ClosedChannelException e) {
                LOGGER.log(Level.FINEST, "closed before it was watched", e);
            }
        }
    }

    /** Ends the thread unless somebody arrived in between. */
    private boolean stop(Selector mine) throws IOException {
        synchronized (lock) {
            if (!arriving.isEmpty()) {
                return false;
            }
            selector = null;
            mine.close();
            return true;
        }
    }

    /** An unwatched connection could wait for ever, so none is left; the next one starts a new watcher. */
    private void abandon(Selector mine) {
        List<Watch> watched = new ArrayList<>();
        synchronized (lock) {
            selector = null;
            watched.addAll(arriving);
            arriving.clear();
        }
        mine.keys().forEach(key -> watched.add((Watch) key.attachment()));
        watched.forEach(watch -> watch.onDown("the watcher failed"));
        watched.forEach(Watch::closeChannel);
        try {
            mine.close();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "closing the selector failed", e);
        }
    }
}
