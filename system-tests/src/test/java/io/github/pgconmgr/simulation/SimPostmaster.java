package io.github.pgconmgr.simulation;

import io.github.pgconmgr.testkit.sim.SimProcess;
import io.github.pgconmgr.testkit.sim.SimSocket;
import io.github.pgconmgr.testkit.sim.SimSocketHandler;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What listens on backend_port: answers the questions of checks by SQL with what the instance is at that moment, or with an error.
 * Confined to the simulation.
 */
final class SimPostmaster extends SimProcess {

    private static final int ANSWER_BYTES = 1 + 8 + 8 + 2 + 4 + 8;

    /** The answer to one question; {@code state} as SQL sees it. */
    record Answer(boolean error, long systemIdentifier, long postmasterStartMicros, InstanceState state) {

        private ByteBuffer encode() {
            return ByteBuffer.allocate(ANSWER_BYTES)
                    .put((byte) (error ? 1 : 0))
                    .putLong(systemIdentifier)
                    .putLong(postmasterStartMicros)
                    .put((byte) (state.inRecovery() ? 1 : 0))
                    .put((byte) (state.readOnly() ? 1 : 0))
                    .putInt(state.timeline())
                    .putLong(state.lsn())
                    .flip();
        }

        static Answer decode(ByteBuffer data) {
            ByteBuffer in = data.duplicate();
            boolean error = in.get() == 1;
            long system = in.getLong();
            long start = in.getLong();
            boolean inRecovery = in.get() == 1;
            boolean readOnly = in.get() == 1;
            return new Answer(
                    error, system, start, new InstanceState(inRecovery, readOnly, false, in.getInt(), in.getLong()));
        }
    }

    private final SimInstance instance;
    private final List<SimSocket> sockets = new ArrayList<>();

    SimPostmaster(SimInstance instance) {
        super(instance.time());
        this.instance = instance;
    }

    void onAccepted(SimSocket socket) {
        sockets.add(socket);
        socket.attach(this, new Backend(socket));
    }

    /** Its kernel closes what was open. */
    void kill() {
        end();
        List.copyOf(sockets).forEach(SimSocket::close);
    }

    @Override
    protected void turn(long nowNanos, Runnable readAll) {
        readAll.run();
    }

    private final class Backend implements SimSocketHandler {
        private final SimSocket socket;

        Backend(SimSocket socket) {
            this.socket = socket;
        }

        @Override
        public void onData(ByteBuffer data) {
            socket.send(instance.answerToSql().encode());
        }

        @Override
        public void onClosed() {
            sockets.remove(socket);
        }
    }
}
