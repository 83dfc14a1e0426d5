package io.github.pgconmgr.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Reads conmgr.conf's bytes, and says clearly why it cannot. Stateless; blocks on the disk. */
final class ConfigFile {

    /** Thousands of instances fit; a larger file is not a configuration. */
    static final int MAX_BYTES = 1 << 20;

    private ConfigFile() {}

    static String read(Path path) throws ConfigException {
        if (!Files.exists(path)) {
            throw problem(path, "file does not exist");
        }
        if (Files.isDirectory(path)) {
            throw problem(path, "is a directory");
        }
        // Opening a pipe or a device may block for ever.
        if (!Files.isRegularFile(path)) {
            throw problem(path, "is not a regular file");
        }
        return decode(path, readBytes(path));
    }

    private static byte[] readBytes(Path path) throws ConfigException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (AccessDeniedException e) {
            throw problem(path, "permission denied");
        } catch (IOException e) {
            throw problem(path, "could not be read: " + e.getMessage());
        }
        if (bytes.length > MAX_BYTES) {
            throw problem(path, "is larger than " + MAX_BYTES + " bytes");
        }
        return bytes;
    }

    private static String decode(Path path, byte[] bytes) throws ConfigException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer text = CharBuffer.allocate(bytes.length);
        if (StandardCharsets.UTF_8.newDecoder().decode(in, text, true).isError()) {
            String reason = String.format(
                    Locale.ROOT, "byte 0x%02X is not UTF-8; save the file in that encoding", in.get(in.position()));
            throw problem(path, 1 + lineEnds(bytes, in.position()), reason);
        }
        String whole = text.flip().toString();
        if (whole.startsWith("\uFEFF")) {
            throw problem(path, "starts with a byte order mark; save it as UTF-8 without one");
        }
        return whole;
    }

    private static int lineEnds(byte[] bytes, int end) {
        int count = 0;
        for (int i = 0; i < end; i++) {
            if (bytes[i] == '\n') {
                count++;
            }
        }
        return count;
    }

    private static ConfigException problem(Path path, String reason) {
        return problem(path, 0, reason);
    }

    private static ConfigException problem(Path path, int line, String reason) {
        return new ConfigException(List.of(new Problem(path.toString(), line, "", reason)));
    }
}
