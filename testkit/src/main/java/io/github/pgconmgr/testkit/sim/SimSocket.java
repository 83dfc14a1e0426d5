package io.github.pgconmgr.testkit.sim;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One end of a simulated TCP connection: ordered, reliable as long as both kernels live, silent when one does not.
 * Confined to the simulation.
 */
public final class SimSocket {

    private final SimNetwork network;
    private final SimHost host;
    private final SimHost remoteHost;
    private final int localPort;
    private @Nullable SimSocket peer;
    private @Nullable SimProcess process;
    private @Nullable SimSocketHandler handler;
    private final Queue<Runnable> inFlight = new ArrayDeque<>();
    private boolean open = true;
    private long lastArrival;

    SimSocket(SimNetwork network, SimHost host, SimHost remoteHost, int localPort) {
        this.network = network;
        this.host = host;
        this.remoteHost = remoteHost;
        this.localPort = localPort;
        this.lastArrival = network.now();
        host.add(this);
    }

    /** Says who hears this socket. */
    public void attach(SimProcess owner, SimSocketHandler events) {
        process = owner;
        handler = events;
    }

    /** The name of the host at the other end. */
    public String remoteName() {
        return remoteHost.name();
    }

    /** The ephemeral port of a connecting socket; a listening side's port otherwise. */
    public int localPort() {
        return localPort;
    }

    /** The port at the other end; only known once connected. */
    public int remotePort() {
        return Objects.requireNonNull(peer).localPort;
    }

    /** Sends one message. Nothing happens on a closed socket, as on one that the peer has reset. */
    public void send(ByteBuffer data) {
        SimSocket to = peer;
        if (open && to != null) {
            network.carry(this, to, () -> to.heardData(data));
        }
    }

    /** FIN: the other side hears of it after all that was sent before. */
    public void close() {
        SimSocket to = peer;
        if (open && to != null) {
            network.carry(this, to, to::heardEnd);
        }
        forget();
    }

    /** RST: at once, not retransmitted. */
    public void reset() {
        SimSocket to = peer;
        if (open && to != null) {
            network.carryOnce(this, to, to::heardEnd);
        }
        forget();
    }

    /** A device between resets the connection and tells this side alone; the other one hears of it when it sends. */
    public void resetFromBetween() {
        heardEnd();
    }

    boolean isOpen() {
        return open;
    }

    SimHost host() {
        return host;
    }

    long lastArrival() {
        return lastArrival;
    }

    void lastArrival(long at) {
        lastArrival = at;
    }

    void enqueue(Runnable arrival) {
        inFlight.add(arrival);
    }

    void landOldest() {
        Runnable arrival = inFlight.poll();
        if (arrival != null) {
            arrival.run();
        }
    }

    void pairWith(SimSocket other) {
        peer = other;
        other.peer = this;
    }

    void heardConnected() {
        hear(SimSocketHandler::onConnected);
    }

    void heardRefused() {
        hear(SimSocketHandler::onRefused);
        forget();
    }

    private void heardData(ByteBuffer data) {
        SimSocketHandler events = handler;
        if (open && events != null) {
            events.onArrived(data.duplicate());
        }
        hear(h -> h.onData(data.duplicate()));
    }

    void heardEnd() {
        hear(SimSocketHandler::onClosed);
        forget();
    }

    /** The kernel is gone. */
    void vanish() {
        open = false;
    }

    private void forget() {
        open = false;
        host.remove(this);
    }

    private void hear(Consumer<SimSocketHandler> event) {
        SimProcess owner = process;
        SimSocketHandler events = handler;
        if (open && owner != null && events != null) {
            owner.arrive(() -> event.accept(events));
        }
    }
}
