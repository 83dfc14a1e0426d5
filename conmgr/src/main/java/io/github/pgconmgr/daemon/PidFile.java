package io.github.pgconmgr.daemon;

import io.github.pgconmgr.log.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * conmgr.pid, for people and scripts: process id, start time (seconds since 1970), directory, port, a line each. Whether a
 * conmgr runs is told by {@link DirectoryLock} and the control socket, never by this file. Immutable.
 */
public record PidFile(long pid, Instant since, Path directory, int port) {

    /** Its name in the conmgr directory. */
    public static final String FILE_NAME = "conmgr.pid";

    /** Writes it whole, or not at all: a reader never sees a half of it. */
    void write() throws StartException {
        Path path = directory.resolve(FILE_NAME);
        Path draft = directory.resolve(FILE_NAME + ".new");
        String text = pid + "\n" + since.getEpochSecond() + "\n"
                + directory.toAbsolutePath().normalize() + "\n" + port + "\n";
        try {
            Files.writeString(draft, text, StandardCharsets.UTF_8);
            moveOver(draft, path);
        } catch (IOException e) {
            throw new StartException(Message.PID_FILE_FAILED, path, String.valueOf(e.getMessage()));
        }
    }

    private static void moveOver(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** The file of a directory; empty if there is none, or not a whole one. */
    public static Optional<PidFile> read(Path directory) {
        try {
            List<String> lines = Files.readAllLines(directory.resolve(FILE_NAME), StandardCharsets.UTF_8);
            if (lines.size() < 4) {
                return Optional.empty();
            }
            return Optional.of(new PidFile(
                    Long.parseLong(lines.get(0)),
                    Instant.ofEpochSecond(Long.parseLong(lines.get(1))),
                    Path.of(lines.get(2)),
                    Integer.parseInt(lines.get(3))));
        } catch (IOException | RuntimeException e) {
            // Whatever else is in that file, it is not ours to interpret.
            return Optional.empty();
        }
    }

    /** Removes it. */
    void remove() throws IOException {
        Files.deleteIfExists(directory.resolve(FILE_NAME));
    }
}
