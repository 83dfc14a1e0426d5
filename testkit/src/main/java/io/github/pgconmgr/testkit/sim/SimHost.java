package io.github.pgconmgr.testkit.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A machine with one address: its open sockets and what listens on its ports. Confined to the simulation.
 */
public final class SimHost {

    private final String name;
    private final List<SimSocket> sockets = new ArrayList<>();
    private final Map<Integer, SimListener> listeners = new HashMap<>();
    private boolean up = true;
    private int boot = 1;

    SimHost(String name) {
        this.name = name;
    }

    /** The name; stands for the address as well. */
    public String name() {
        return name;
    }

    /** False after a power loss. */
    public boolean isUp() {
        return up;
    }

    /** Counts the boots. */
    public int boot() {
        return boot;
    }

    /** Opens a port. */
    public void listen(int port, SimListener listener) {
        listeners.put(port, listener);
    }

    /** Closes a port: connects are refused. */
    public void unlisten(int port) {
        listeners.remove(port);
    }

    /** Power loss: nobody is told anything. */
    public void powerOff() {
        up = false;
        sockets.forEach(SimSocket::vanish);
        sockets.clear();
        listeners.clear();
    }

    /** A new boot; processes have to be started by the scenario. */
    public void powerOn() {
        up = true;
        boot++;
    }

    void add(SimSocket socket) {
        sockets.add(socket);
    }

    void remove(SimSocket socket) {
        sockets.remove(socket);
    }

    @Nullable
    SimListener listener(int port) {
        return listeners.get(port);
    }
}
