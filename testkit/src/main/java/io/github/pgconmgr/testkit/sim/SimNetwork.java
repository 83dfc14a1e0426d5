package io.github.pgconmgr.testkit.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Hosts and the paths between them. A path can be cut in one direction; what TCP would retransmit waits for the healing, so
 * loss shows as delay, as on a real link.
 *
 * <p>Confined to the simulation.
 */
public final class SimNetwork {

    private record Path(SimHost from, SimHost to) {}

    private static final long RETRANSMIT_NANOS = 1_000_000_000L;

    private final SimTime time;
    private final Map<String, SimHost> hosts = new HashMap<>();
    private final Set<Path> cut = new LinkedHashSet<>();
    private final Map<Path, List<Runnable>> waiting = new HashMap<>();
    private long maxDelayNanos = 2_000_000;
    private double loss;
    private int nextPort = 40_000;

    /** A network without loss and with delays up to 2 ms. */
    public SimNetwork(SimTime time) {
        this.time = time;
    }

    /** The host of that name, made on first use. */
    public SimHost host(String name) {
        return hosts.computeIfAbsent(name, SimHost::new);
    }

    /** From now on messages take up to {@code maxDelayNanos}, and with probability {@code loss} one retransmission more. */
    public void weather(long maxDelayNanos, double loss) {
        this.maxDelayNanos = maxDelayNanos;
        this.loss = loss;
    }

    /** Nothing gets from one to the other any more. */
    public void cut(SimHost from, SimHost to) {
        cut.add(new Path(from, to));
    }

    /** Whether the path is cut. */
    public boolean isCut(SimHost from, SimHost to) {
        return cut.contains(new Path(from, to));
    }

    /** The path works again; what was waiting is retransmitted, in order. */
    public void heal(SimHost from, SimHost to) {
        Path path = new Path(from, to);
        if (cut.remove(path)) {
            List<Runnable> held = waiting.remove(path);
            if (held != null) {
                long backoff = time.upTo(RETRANSMIT_NANOS);
                held.forEach(segment -> time.after(backoff, segment));
            }
        }
    }

    /** Heals every path. */
    public void healAll() {
        for (Path path : List.copyOf(cut)) {
            heal(path.from, path.to);
        }
    }

    /**
     * Connects. The answer comes to the handler that the caller attaches to the socket: connected, refused, or nothing at all.
     */
    public SimSocket connect(SimHost from, SimHost to, int port) {
        SimSocket client = new SimSocket(this, from, to, nextPort++);
        time.after(0, () -> synchronize(client, to, port));
        return client;
    }

    private void synchronize(SimSocket client, SimHost to, int port) {
        if (!client.isOpen()) {
            return;
        }
        SimHost from = client.host();
        if (!to.isUp() || isCut(from, to) || isCut(to, from)) {
            time.after(RETRANSMIT_NANOS, () -> synchronize(client, to, port));
            return;
        }
        time.after(delay() + delay(), () -> {
            SimListener listener = to.listener(port);
            if (!client.isOpen() || !to.isUp()) {
                return;
            }
            if (listener == null) {
                client.heardRefused();
                return;
            }
            SimSocket server = new SimSocket(this, to, from, port);
            server.pairWith(client);
            listener.onAccepted(server);
            client.heardConnected();
        });
    }

    /** Carries a segment in order, retransmitted until both kernels agree or one is gone. */
    void carry(SimSocket from, SimSocket to, Runnable arrival) {
        long at = time.nanoTime() + delay();
        if (time.random().nextDouble() < loss) {
            at += RETRANSMIT_NANOS / 5 + time.upTo(RETRANSMIT_NANOS);
        }
        if (at - to.lastArrival() < 0) {
            at = to.lastArrival(); // a stream keeps its order
        }
        to.lastArrival(at);
        to.enqueue(arrival);
        time.after(at - time.nanoTime(), () -> land(from, to));
    }

    /** One segment is due: the oldest one, whichever it is, so a stream keeps its order also across a cut. */
    private void land(SimSocket from, SimSocket to) {
        Path path = new Path(from.host(), to.host());
        if (cut.contains(path)) {
            waiting.computeIfAbsent(path, p -> new ArrayList<>()).add(() -> land(from, to));
        } else if (to.isOpen()) {
            to.landOldest();
        } else if (to.host().isUp()) {
            carryOnce(to, from, from::heardEnd); // no such connection: RST
        }
    }

    /** Carries a segment that nobody repeats. */
    void carryOnce(SimSocket from, SimSocket to, Runnable arrival) {
        time.after(delay(), () -> {
            if (to.isOpen() && !isCut(from.host(), to.host())) {
                arrival.run();
            }
        });
    }

    long now() {
        return time.nanoTime();
    }

    private long delay() {
        return 50_000 + time.upTo(maxDelayNanos);
    }
}
