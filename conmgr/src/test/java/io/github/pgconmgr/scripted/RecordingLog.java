package io.github.pgconmgr.scripted;

import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.log.Message;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what was logged. Shared: any thread. */
public final class RecordingLog implements Log {

    private final List<Line> lines = new CopyOnWriteArrayList<>();

    /** One call. */
    public record Line(Message message, String component, String text) {}

    @Override
    public void write(Message message, String component, Object... arguments) {
        lines.add(new Line(message, component, message.format(arguments)));
    }

    public long count(Message message) {
        return lines.stream().filter(line -> line.message() == message).count();
    }

    /** The texts of one message, in order. */
    public List<String> texts(Message message) {
        return lines.stream()
                .filter(line -> line.message() == message)
                .map(line -> line.component() + ": " + line.text())
                .toList();
    }
}
