package io.github.pgconmgr.daemon;

import io.github.pgconmgr.log.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;

/** The directory of one conmgr process (L10). Stateless; blocks on the disk. */
public final class ConmgrDirectory {

    private ConmgrDirectory() {}

    /**
     * Checks that a conmgr of this user can live there.
     *
     * @throws StartException naming what is wrong
     */
    public static void check(Path directory) throws StartException {
        String reason = reasonAgainst(directory);
        if (!reason.isEmpty()) {
            throw new StartException(Message.DIRECTORY_UNUSABLE, directory, reason);
        }
    }

    private static String reasonAgainst(Path directory) throws StartException {
        if (!Files.exists(directory)) {
            return "it does not exist";
        }
        if (!Files.isDirectory(directory)) {
            return "it is not a directory";
        }
        if (!Files.isReadable(directory) || !Files.isWritable(directory) || !Files.isExecutable(directory)) {
            return "permission denied";
        }
        try {
            // Who can put files there can put a socket there, and be taken for conmgr.
            if (Files.getPosixFilePermissions(directory).contains(PosixFilePermission.OTHERS_WRITE)) {
                return "everybody may write to it";
            }
        } catch (IOException e) {
            throw new StartException(Message.DIRECTORY_UNUSABLE, directory, String.valueOf(e.getMessage()));
        }
        return "";
    }
}
