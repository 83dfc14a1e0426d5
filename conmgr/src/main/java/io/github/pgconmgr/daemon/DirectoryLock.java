package io.github.pgconmgr.daemon;

import io.github.pgconmgr.log.Message;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The exclusive lock that makes one conmgr per directory (L10). The kernel holds it for the process and drops it with the
 * process, however that ends: no stale file and no reused pid can lie about it.
 *
 * <p>The lock file is never removed: if it were, one process could lock the file that another has just unlinked, and both
 * would think themselves alone. And nothing else in this process may open it, as closing any descriptor of a file gives up the
 * process's locks on it.
 *
 * <p>Immutable; held until the process ends.
 */
final class DirectoryLock {

    static final String FILE_NAME = "conmgr.lock";

    // Reachable as long as the daemon is, so that no collector closes the channel.
    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock, or says who has it.
     *
     * @throws StartException if another process has it, or the file system cannot lock
     */
    static DirectoryLock acquire(Path directory) throws StartException {
        Path path = directory.resolve(FILE_NAME);
        try {
            FileChannel channel = FileChannel.open(
                    path,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return new DirectoryLock(channel);
            }
            channel.close();
        } catch (IOException e) {
            throw new StartException(Message.LOCK_FAILED, path, String.valueOf(e.getMessage()));
        }
        String holder = PidFile.read(directory)
                .map(pidFile -> " (PID " + pidFile.pid() + ")")
                .orElse("");
        throw new StartException(Message.ALREADY_RUNNING, directory, holder);
    }

    boolean isHeld() {
        return channel.isOpen();
    }
}
