package io.github.pgconmgr.ctl;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a log file gains from a certain moment on. Immutable.
 *
 * @param startBytes its size at that moment
 */
record LogTail(Path file, long startBytes) {

    private static final int MAX_LINES = 20;
    private static final int MAX_BYTES = 16 << 10;

    /** From now on; a file that is not there yet begins empty. */
    static LogTail from(Path file) throws IOException {
        return new LogTail(file, Files.exists(file) ? Files.size(file) : 0);
    }

    /** Its last lines since then. */
    List<String> lastLines() throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long start = Math.max(startBytes, channel.size() - MAX_BYTES);
            ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES);
            channel.read(bytes, start);
            List<String> lines = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return lines.subList(Math.max(0, lines.size() - MAX_LINES), lines.size());
        }
    }
}
