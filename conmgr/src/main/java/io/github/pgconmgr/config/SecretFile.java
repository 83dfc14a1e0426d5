package io.github.pgconmgr.config;

import io.github.pgconmgr.wire.heartbeat.SharedSecret;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads {@code watchdog_secret_file}, by the rules of a .pgpass file (ADR 5). Stateless; blocks on the disk. */
final class SecretFile {

    private static final String KIND = "secret file";

    private SecretFile() {}

    /**
     * The file's bytes, less one line end at its end.
     *
     * @throws InvalidValueException saying why it cannot be used, and nothing of what is in it
     */
    static SharedSecret read(Path path) throws InvalidValueException {
        byte[] bytes = OwnersFile.read(path, KIND, SharedSecret.MAX_BYTES + 2);
        boolean endsLine = bytes.length > 0 && bytes[bytes.length - 1] == '\n';
        byte[] content = endsLine ? Arrays.copyOf(bytes, bytes.length - 1) : bytes;
        if (content.length < SharedSecret.MIN_BYTES || content.length > SharedSecret.MAX_BYTES) {
            throw OwnersFile.problem(
                    path,
                    KIND,
                    "must hold a secret of " + SharedSecret.MIN_BYTES + " to " + SharedSecret.MAX_BYTES + " bytes");
        }
        return new SharedSecret(content);
    }
}
