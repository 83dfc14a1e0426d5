package io.github.pgconmgr.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/**
 * A file that a parameter names, looked at before anybody opens it; one with a secret in it is its owner's alone, as a .pgpass file.
 * Stateless; blocks on the disk.
 */
public final class OwnersFile {

    private static final Set<PosixFilePermission> OWNERS_OWN = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private OwnersFile() {}

    /**
     * The file's first bytes.
     *
     * @param kind what it is, as in "secret file"; for the reason
     * @param maxBytes no more than these are read
     * @throws InvalidValueException saying why it cannot be used, and nothing of what is in it
     */
    public static byte[] read(Path path, String kind, int maxBytes) throws InvalidValueException {
        check(path, kind);
        try (InputStream in = Files.newInputStream(path)) {
            return in.readNBytes(maxBytes);
        } catch (AccessDeniedException e) {
            throw problem(path, kind, "cannot be read: permission denied");
        } catch (IOException e) {
            throw problem(path, kind, "cannot be read: " + e.getMessage());
        }
    }

    /** That it can be read, and by its owner alone. */
    static void check(Path path, String kind) throws InvalidValueException {
        checkReadable(path, kind);
        try {
            if (!OWNERS_OWN.containsAll(Files.getPosixFilePermissions(path))) {
                throw problem(path, kind, "has group or world access; permissions should be u=rw (0600) or less");
            }
        } catch (IOException e) {
            throw problem(path, kind, "cannot be read: " + e.getMessage());
        }
    }

    /** That it can be read, by whomever. */
    static void checkReadable(Path path, String kind) throws InvalidValueException {
        if (!Files.exists(path)) {
            throw problem(path, kind, "does not exist");
        }
        // Opening a pipe or a device may block for ever.
        if (!Files.isRegularFile(path)) {
            throw problem(path, kind, "is not a regular file");
        }
        if (!Files.isReadable(path)) {
            throw problem(path, kind, "cannot be read: permission denied");
        }
    }

    /** "secret file "/x" is ...". */
    static InvalidValueException problem(Path path, String kind, String reason) {
        return new InvalidValueException(kind + " \"" + path + "\" " + reason);
    }
}
