package io.github.pgconmgr.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The checkout and its folder {@code build/}; tests write nowhere else. Shared: one atomic counter. */
public final class BuildFolder {

    private static final AtomicInteger COUNTER = new AtomicInteger();
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private BuildFolder() {}

    /** The checkout: system property {@code conmgr.root}, or the next folder above us that holds {@code .mvn}. */
    public static Path root() {
        String property = System.getProperty("conmgr.root");
        if (property != null) {
            return Path.of(property).toAbsolutePath();
        }
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve(".mvn"))) {
                return folder;
            }
        }
        throw new IllegalStateException("system property conmgr.root is not set and no checkout is above us");
    }

    /** A path below {@code build/}. */
    public static Path build(String path) {
        return root().resolve("build").resolve(path);
    }

    /** What {@code make stage} has installed, by its path below the prefix. */
    public static Path installed(String path) {
        return build("stage/usr/local").resolve(path);
    }

    /**
     * Makes an empty folder of this JVM below {@code build/run}, which everybody may enter. The name is kept short, as Unix
     * socket paths end at 107 bytes.
     */
    public static Path scratch(String label) {
        Path folder = build("run")
                .resolve(ProcessHandle.current().pid() + "-" + COUNTER.incrementAndGet() + (label.isEmpty() ? "" : "-")
                        + label);
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + folder, e);
        }
    }

    /** Removes a folder below {@code build/} with all that is in it. */
    public static void delete(Path folder) {
        if (!folder.toAbsolutePath().normalize().startsWith(build("").normalize())) {
            throw new IllegalArgumentException("not below the build folder: " + folder);
        }
        Command.run(LIMIT, List.of("rm", "-rf", "--one-file-system", folder.toString()))
                .expectSuccess();
    }
}
