package io.github.pgconmgr.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The operating system's user that a command runs as. Only root can choose: run by anybody else, all of them are that user.
 * Immutable.
 */
public record Account(String user, String group) {

    /** Whoever runs the tests. */
    public static final Account OURSELVES = new Account("", "");

    /** The owner of the instances. */
    public static final Account POSTGRES = new Account("postgres", "postgres");

    /** An ordinary user: owner of applications and of conmgr. */
    public static final Account NOBODY = new Account("nobody", "nogroup");

    /** Whether the tests run as root. */
    public static boolean weAreRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read our user id", e);
        }
    }

    /** The command as this user. */
    List<String> command(List<String> argv) {
        if (user.isEmpty() || !weAreRoot()) {
            return argv;
        }
        List<String> all =
                new ArrayList<>(List.of("setpriv", "--reuid=" + user, "--regid=" + group, "--init-groups", "--"));
        all.addAll(argv);
        return all;
    }

    /** Gives a file or an empty folder to this user. */
    public void own(Path path) {
        if (!user.isEmpty() && weAreRoot()) {
            Machine.LOCAL
                    .run(OURSELVES, List.of("chown", user + ":" + group, path.toString()))
                    .expectSuccess();
        }
    }
}
