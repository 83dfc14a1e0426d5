package io.github.pgconmgr.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** Checks a file that a parameter names before anybody opens it. Stateless; blocks on the disk. */
final class PrivateFile {

    private static final Set<PosixFilePermission> OWNERS_OWN = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private PrivateFile() {}

    /**
     * That it can be read.
     *
     * @param what as in "secret file"
     * @throws InvalidValueException saying why not
     */
    static void checkReadable(String what, Path path) throws InvalidValueException {
        if (!Files.exists(path)) {
            throw problem(what, path, "does not exist");
        }
        // Opening a pipe or a device may block for ever.
        if (!Files.isRegularFile(path)) {
            throw problem(what, path, "is not a regular file");
        }
        if (!Files.isReadable(path)) {
            throw problem(what, path, "cannot be read: permission denied");
        }
    }

    /** That it can be read, and by its owner alone: the rules of a .pgpass file. */
    static void check(String what, Path path) throws InvalidValueException {
        checkReadable(what, path);
        try {
            if (!OWNERS_OWN.containsAll(Files.getPosixFilePermissions(path))) {
                throw problem(what, path, "has group or world access; permissions should be u=rw (0600) or less");
            }
        } catch (IOException e) {
            throw problem(what, path, "cannot be read: " + e.getMessage());
        }
    }

    private static InvalidValueException problem(String what, Path path, String reason) {
        return new InvalidValueException(what + " \"" + path + "\" " + reason);
    }
}
