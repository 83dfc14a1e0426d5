package io.github.pgconmgr.config;

import io.github.pgconmgr.wire.heartbeat.SharedSecret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** Reads {@code watchdog_secret_file}, by the rules of a .pgpass file (ADR 5). Stateless; blocks on the disk. */
final class SecretFile {

    private static final Set<PosixFilePermission> OWNERS_OWN = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private SecretFile() {}

    /**
     * The file's bytes, less one line end at its end.
     *
     * @throws InvalidValueException saying why it cannot be used, and nothing of what is in it
     */
    static SharedSecret read(Path path) throws InvalidValueException {
        if (!Files.exists(path)) {
            throw problem(path, "does not exist");
        }
        // Opening a pipe or a device may block for ever.
        if (!Files.isRegularFile(path)) {
            throw problem(path, "is not a regular file");
        }
        try {
            if (!OWNERS_OWN.containsAll(Files.getPosixFilePermissions(path))) {
                throw problem(path, "has group or world access; permissions should be u=rw (0600) or less");
            }
            return secret(path, readBytes(path));
        } catch (AccessDeniedException e) {
            throw problem(path, "cannot be read: permission denied");
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
