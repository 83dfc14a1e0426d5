package io.github.pgconmgr.admin;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Where the control socket is. Stateless. */
public final class ControlSocket {

    /** The socket's name in the conmgr directory. */
    public static final String FILE_NAME = ".s.conmgr";

    /** Longest path that the kernel takes: sun_path has 108 bytes, one of them the end. */
    public static final int MAX_PATH_BYTES = 107;

    private ControlSocket() {}

    /** Whether the socket of that directory has a name that the kernel takes. */
    public static boolean fits(Path directory) {
        return bytes(directory.resolve(FILE_NAME)) <= MAX_PATH_BYTES;
    }

    /**
     * The address of the control socket of a conmgr directory, relative if that is.
     *
     * @throws IOException if the name is too long for the kernel
     */
    public static UnixDomainSocketAddress addressIn(Path directory) throws IOException {
        Path path = directory.resolve(FILE_NAME);
        if (!fits(directory)) {
            throw new IOException("the path \"" + path + "\" has " + bytes(path) + " bytes, a socket's path at most "
                    + MAX_PATH_BYTES + "; change into the directory and use -D .");
        }
        return UnixDomainSocketAddress.of(path);
    }

    private static int bytes(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }
}
