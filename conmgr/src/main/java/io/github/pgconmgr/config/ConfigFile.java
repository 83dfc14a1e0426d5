package io.github.pgconmgr.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (text.startsWith("\uFEFF")) {
                throw problem(path, "starts with a byte order mark; save it as UTF-8 without one");
            }
            return text;
        } catch (CharacterCodingException e) {
            throw problem(path, "is not valid UTF-8");
        }
    }

    private static ConfigException problem(Path path, String reason) {
        return new ConfigException(List.of(new Problem(path.toString(), 0, "", reason)));
    }
}
