package io.github.pgconmgr.config;

import io.github.pgconmgr.wire.heartbeat.SharedSecret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads {@code watchdog_secret_file}, by the rules of a .pgpass file (ADR 5). Stateless; blocks on the disk. */
final class SecretFile {

    private SecretFile() {}

    /**
     * The file's bytes, less one line end at its end.
     *
     * @throws InvalidValueException saying why it cannot be used, and nothing of what is in it
     */
    static SharedSecret read(Path path) throws InvalidValueException {
        PrivateFile.check("secret file", path);
        try {
            return secret(path, readBytes(path));
        } catch (IOException e) {
            throw problem(path, "cannot be read: " + e.getMessage());
        }
    }

    private static byte[] readBytes(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return in.readNBytes(SharedSecret.MAX_BYTES + 2);
        }
    }

    private static SharedSecret secret(Path path, byte[] bytes) throws InvalidValueException {
        boolean endsLine = bytes.length > 0 && bytes[bytes.length - 1] == '\n';
        byte[] content = endsLine ? Arrays.copyOf(bytes, bytes.length - 1) : bytes;
        if (content.length < SharedSecret.MIN_BYTES || content.length > SharedSecret.MAX_BYTES) {
            throw problem(
                    path,
                    "must hold a secret of " + SharedSecret.MIN_BYTES + " to " + SharedSecret.MAX_BYTES + " bytes");
        }
        return new SharedSecret(content);
    }

    private static InvalidValueException problem(Path path, String reason) {
        return new InvalidValueException("secret file \"" + path + "\" " + reason);
    }
}
