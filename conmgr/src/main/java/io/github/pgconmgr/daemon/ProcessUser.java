package io.github.pgconmgr.daemon;

import io.github.pgconmgr.log.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * As whom this process runs: its effective user id, which is what the kernel asks for (L9). Immutable.
 *
 * @param effectiveUid 0 is root, whatever its name is
 */
public record ProcessUser(long effectiveUid) {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    /**
     * This process's user, from the kernel.
     *
     * @throws IOException if /proc cannot be read
     */
    public static ProcessUser current() throws IOException {
        return parse(Files.readString(STATUS));
    }

    /** From the text of /proc/PID/status; the line is {@code Uid: real effective saved file-system}. */
    static ProcessUser parse(String status) throws IOException {
        for (String line : status.lines().toList()) {
            String[] words = BLANKS.split(line, -1);
            if (words.length > 2 && words[0].equals("Uid:")) {
                return new ProcessUser(Long.parseLong(words[2]));
            }
        }
        throw new IOException(STATUS + " has no line \"Uid:\"");
    }

    /**
     * Lets every user pass but one.
     *
     * @throws StartException if it is root
     */
    public void refuseRoot() throws StartException {
        if (effectiveUid == 0) {
            throw new StartException(Message.ROOT_REFUSED);
        }
    }
}
