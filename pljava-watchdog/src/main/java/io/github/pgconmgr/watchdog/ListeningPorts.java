package io.github.pgconmgr.watchdog;

import io.github.pgconmgr.watchdog.peer.NoiseLog;
import java.nio.channels.Selector;
import java.util.List;
import java.util.OptionalLong;

/**
 * All listening sockets; none, if {@code watchdog.listen_addresses} is empty.
 *
 * <p>Confined to the I/O thread.
 */
final class ListeningPorts {

    private final List<ListeningPort> ports;

    ListeningPorts(List<ListenPlan.Socket> plan, int port, long retryNanos, long nowNanos, NoiseLog.Sink log) {
        this.ports = plan.stream()
                .map(socket -> new ListeningPort(socket, port, retryNanos, nowNanos, log))
                .toList();
    }

    /** See {@link ListeningPort#onTick}. */
    void onTick(long nowNanos, Selector selector) {
        ports.forEach(port -> port.onTick(nowNanos, selector));
    }

    /** Whether all do. */
    boolean isListening() {
        return ports.stream().allMatch(ListeningPort::isListening);
    }

    /** When {@link #onTick} must be called because one does not. */
    OptionalLong nextRetryNanos() {
        return ports.stream()
                .filter(port -> !port.isListening())
                .mapToLong(ListeningPort::retryAtNanos)
                .reduce((one, other) -> one - other < 0 ? one : other);
    }

    /** The port that the first one really got, 0 if it is not bound. */
    int boundPort() {
        return ports.get(0).boundPort();
    }

    void close() {
        ports.forEach(ListeningPort::close);
    }
}
