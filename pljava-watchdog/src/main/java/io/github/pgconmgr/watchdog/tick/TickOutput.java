package io.github.pgconmgr.watchdog.tick;

import io.github.pgconmgr.watchdog.peer.Judgement;
import io.github.pgconmgr.watchdog.peer.PeerRow;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Java says in a tick. Immutable.
 *
 * @param rows all rows if they changed, else null
 * @param goodbyesSent every GOODBYE has left for the sockets
 * @param judgements at most {@link #MAX_JUDGEMENTS}
 * @param log at most {@link #MAX_LOG_LINES}
 */
public record TickOutput(
        @Nullable List<PeerRow> rows,
        boolean goodbyesSent,
        boolean listening,
        List<Judgement> judgements,
        List<LogLine> log) {

    /** Most judgements in a tick. */
    public static final int MAX_JUDGEMENTS = 1000;

    /** Most log lines in a tick. */
    public static final int MAX_LOG_LINES = 64;

    private static final int ROWS_FOLLOW = 1;
    private static final int GOODBYES_SENT = 2;
    private static final int LISTENING = 4;

    /**
     * The bytes for C.
     *
     * @param nowNanos the time of this tick: judgements travel as ages
     */
    public byte[] encode(long nowNanos) {
        List<PeerRow> sent = rows == null ? List.of() : rows;
        List<byte[]> texts = log.stream().map(LogLine::textBytes).toList();
        int textBytes = texts.stream().mapToInt(text -> text.length).sum();
        ByteBuffer out = ByteBuffer.allocate(2
                + 1
                + 4
                + PeerRow.BYTES * sent.size()
                + 2
                + Judgement.BYTES * judgements.size()
                + 2
                + 3 * texts.size()
                + textBytes);
        out.putShort((short) TickInput.FORMAT_VERSION).put((byte) flags());
        out.putInt(sent.size());
        sent.forEach(row -> row.encode(out));
        out.putShort((short) judgements.size());
        judgements.forEach(judgement -> judgement.encode(nowNanos, out));
        out.putShort((short) texts.size());
        for (int i = 0; i < texts.size(); i++) {
            byte[] text = texts.get(i);
            out.put((byte) log.get(i).level().code())
                    .putShort((short) text.length)
                    .put(text);
        }
        return out.array();
    }

    private int flags() {
        return (rows == null ? 0 : ROWS_FOLLOW) | (goodbyesSent ? GOODBYES_SENT : 0) | (listening ? LISTENING : 0);
    }
}
