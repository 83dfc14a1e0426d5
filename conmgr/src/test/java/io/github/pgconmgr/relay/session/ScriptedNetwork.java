package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.io.ConnectionEvents;
import io.github.pgconmgr.relay.io.Network;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/** A network without sockets, in time that the test moves. Dialling comes out when the test says so. Confined to the test's thread. */
final class ScriptedNetwork implements Network {

    /** One that is being dialled. */
    record Dialling(InetSocketAddress address, Dialled dialled) {}

    private static final class Alarm {
        private final long dueNanos;
        private final long order;
        private final Task task;
        private boolean cancelled;

        Alarm(long dueNanos, long order, Task task) {
            this.dueNanos = dueNanos;
            this.order = order;
            this.task = task;
        }
    }

    // Near the overflow, so that a comparison of absolute times fails its test.
    private long nowNanos = Long.MAX_VALUE - 5_000_000_000L;
    private long order;
    private final List<Alarm> alarms = new ArrayList<>();
    private final Deque<Dialling> dialling = new ArrayDeque<>();

    long now() {
        return nowNanos;
    }

    @Override
    public void dial(InetSocketAddress address, long limitNanos, Dialled dialled) {
        dialling.add(new Dialling(address, dialled));
    }

    @Override
    public Timer after(long delayNanos, Task task) {
        Alarm alarm = new Alarm(nowNanos + delayNanos, order++, task);
        alarms.add(alarm);
        return () -> alarm.cancelled = true;
    }

    int diallingNow() {
        return dialling.size();
    }

    /** The oldest dialling stands now. */
    ScriptedConnection connect(Function<Dialling, ScriptedConnection> made) {
        Dialling first = dialling.remove();
        ScriptedConnection connection = made.apply(first);
        ConnectionEvents events = first.dialled.onConnected(connection, nowNanos);
        connection.tell(events);
        return connection;
    }

    /** The oldest dialling has failed. */
    void refuse() {
        dialling.remove().dialled.onFailed("Connection refused", nowNanos);
    }

    /** Time passes; what becomes due happens, in order. */
    void advanceNanos(long nanos) {
        long end = nowNanos + nanos;
        while (true) {
            Alarm next = alarms.stream()
                    .filter(alarm -> !alarm.cancelled && alarm.dueNanos - end <= 0)
                    .min(Comparator.<Alarm>comparingLong(alarm -> alarm.dueNanos - end)
                            .thenComparingLong(alarm -> alarm.order))
                    .orElse(null);
            if (next == null) {
                break;
            }
            alarms.remove(next);
            nowNanos = next.dueNanos - nowNanos > 0 ? next.dueNanos : nowNanos;
            next.task.run(nowNanos);
        }
        nowNanos = end;
        alarms.removeIf(alarm -> alarm.cancelled);
    }
}
