package io.github.pgconmgr.watchdog;

import io.github.pgconmgr.watchdog.peer.Judgement;
import io.github.pgconmgr.watchdog.peer.LogLevel;
import io.github.pgconmgr.watchdog.peer.PeerCommands;
import io.github.pgconmgr.watchdog.tick.LogLine;
import io.github.pgconmgr.wire.heartbeat.HeartbeatFrame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the peer table's commands: frames go to the sockets at once, the rest is gathered for the end of the turn.
 *
 * <p>Confined to the I/O thread.
 */
final class TurnOutput implements PeerCommands {

    private @Nullable Connections connections;
    private boolean rowsChanged;
    private final List<Judgement> judgements = new ArrayList<>();
    private final List<LogLine> log = new ArrayList<>();

    /** Call once; connections log here, and frames go there. */
    void connect(Connections to) {
        connections = to;
    }

    @Override
    public void send(long connectionId, HeartbeatFrame frame) {
        Connection connection = connections == null ? null : connections.get(connectionId);
        if (connection != null) {
            connection.send(frame);
        }
    }

    @Override
    public void close(long connectionId, String reason) {
        if (connections != null) {
            connections.close(connectionId, reason);
        }
    }

    @Override
    public void judge(Judgement judgement) {
        judgements.add(judgement);
    }

    @Override
    public void rowsChanged() {
        rowsChanged = true;
    }

    @Override
    public void log(LogLevel level, String text) {
        log.add(new LogLine(level, text));
    }

    boolean takeRowsChanged() {
        boolean taken = rowsChanged;
        rowsChanged = false;
        return taken;
    }

    List<Judgement> takeJudgements() {
        List<Judgement> taken = List.copyOf(judgements);
        judgements.clear();
        return taken;
    }

    List<LogLine> takeLog() {
        List<LogLine> taken = List.copyOf(log);
        log.clear();
        return taken;
    }
}
