package io.github.pgconmgr.faults;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Reads what a growing log file has gained; a file that was made anew is read from its beginning. Confined to one thread. */
final class Tail {

    private final Supplier<Path> path;
    private long position;
    private String rest = "";

    /**
     * @param path where the file is now
     */
    Tail(Supplier<Path> path) {
        this.path = path;
    }

    /** The complete lines since the last call. */
    List<String> lines() {
        Path file = path.get();
        if (!Files.exists(file)) {
            return List.of();
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long length = in.length();
            if (length < position) {
                position = 0;
                rest = "";
            }
            if (length == position) {
                return List.of();
            }
            byte[] bytes = new byte[(int) Math.min(length - position, 1 << 24)];
            in.seek(position);
            in.readFully(bytes);
            position += bytes.length;
            return split(new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private List<String> split(String text) {
        String all = rest + text;
        List<String> lines = new ArrayList<>();
        int begin = 0;
        for (int end = all.indexOf('\n'); end >= 0; end = all.indexOf('\n', begin)) {
            lines.add(all.substring(begin, end));
            begin = end + 1;
        }
        rest = all.substring(begin);
        return lines;
    }
}
