package io.github.pgconmgr.config;

import io.github.pgconmgr.wire.heartbeat.SharedSecret;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the files are that a configuration names. Immutable; methods block on the disk.
 *
 * @param path absolute; null for a text that is no file, whose files are not looked at
 */
record ConfigFolder(@Nullable Path path) {

    static final ConfigFolder NONE = new ConfigFolder(null);

    Path resolve(String name) {
        return path == null ? Path.of(name) : path.resolve(name);
    }

    /** The shared secret in it; null if no file is looked at. */
    @Nullable
    SharedSecret secret(String name) throws InvalidValueException {
        return path == null ? null : SecretFile.read(resolve(name));
    }

    /** See {@link OwnersFile}; {@code secret} asks for a file of its owner alone. */
    void check(String what, String name, boolean secret) throws InvalidValueException {
        if (path == null) {
            return;
        }
        if (secret) {
            OwnersFile.check(resolve(name), what);
        } else {
            OwnersFile.checkReadable(resolve(name), what);
        }
    }
}
