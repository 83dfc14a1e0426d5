package io.github.pgconmgr.heartbeat;

import io.github.pgconmgr.wire.heartbeat.HeartbeatProtocol;
import io.github.pgconmgr.wire.heartbeat.HostIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the kernel says which host this is (death.md: identity comes with HELLO). What cannot be read is unknown, never an error.
 * Immutable.
 */
record LocalHost(Path machineId, Path bootId, Path networkNamespace) {

    /** Linux's places. */
    static final LocalHost LINUX = new LocalHost(
            Path.of("/etc/machine-id"), Path.of("/proc/sys/kernel/random/boot_id"), Path.of("/proc/self/ns/net"));

    /** Reads the three files; does not block on anything but the local file system. */
    HostIdentity identity() {
        return new HostIdentity(text(machineId), text(bootId), inode(networkNamespace));
    }

    private static String text(Path file) {
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(HeartbeatProtocol.MAX_ITEM_TEXT_BYTES + 2);
            String text = new String(bytes, StandardCharsets.US_ASCII).strip();
            boolean usable = text.length() <= HeartbeatProtocol.MAX_ITEM_TEXT_BYTES
                    && text.chars().allMatch(c -> c > ' ' && c < 127);
            return usable ? text : "";
        } catch (IOException e) {
            return "";
        }
    }

    private static long inode(Path file) {
        try {
            return (Long) Files.getAttribute(file, "unix:ino");
        } catch (IOException | UnsupportedOperationException e) {
            return 0;
        }
    }
}
