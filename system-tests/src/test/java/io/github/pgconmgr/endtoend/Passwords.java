package io.github.pgconmgr.endtoend;

import io.github.pgconmgr.testkit.PgInstance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Rewrites an instance's pg_hba.conf, where everybody is trusted. Stateless. */
final class Passwords {

    private Passwords() {}

    /** This user needs a password from now on. */
    static void require(PgInstance instance, String user) {
        try {
            Path hba = instance.data().resolve("pg_hba.conf");
            Files.writeString(hba, line(user) + Files.readString(hba));
            instance.reload();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot change pg_hba.conf", e);
        }
    }

    private static String line(String user) {
        return "host all " + user + " 0.0.0.0/0 scram-sha-256\n";
    }
}
