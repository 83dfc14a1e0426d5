package io.github.pgconmgr.watchdog.peer;

import io.github.pgconmgr.wire.heartbeat.HeartbeatFrame;
import java.util.ArrayList;
import java.util.List;

/** Keeps what the peer table commanded. */
final class RecordedCommands implements PeerCommands {

    /** One frame, and where it went. */
    record Sent(long connectionId, HeartbeatFrame frame) {}

    final List<Sent> sent = new ArrayList<>();
    final List<Long> closed = new ArrayList<>();
    final List<Judgement> judgements = new ArrayList<>();
    final List<String> log = new ArrayList<>();
    int rowsChanged;

    @Override
    public void send(long connectionId, HeartbeatFrame frame) {
        sent.add(new Sent(connectionId, frame));
    }

    @Override
    public void close(long connectionId, String reason) {
        closed.add(connectionId);
    }

    @Override
    public void judge(Judgement judgement) {
        judgements.add(judgement);
    }

    @Override
    public void rowsChanged() {
        rowsChanged++;
    }

    @Override
    public void log(LogLevel level, String text) {
        log.add(level + " " + text);
    }

    <T extends HeartbeatFrame> List<T> sentTo(long connectionId, Class<T> type) {
        return sent.stream()
                .filter(one -> one.connectionId() == connectionId && type.isInstance(one.frame()))
                .map(one -> type.cast(one.frame()))
                .toList();
    }

    boolean warned(String part) {
        return log.stream().anyMatch(line -> line.startsWith("WARNING") && line.contains(part));
    }
}
