package io.github.pgconmgr.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The build's own copy of PostgreSQL, {@code build/pg/15}, made by {@code make pg} and completed with our extension by
 * {@code make stage}; of another major version, system property {@code postgresql.major}, by {@code make check-versions}. Immutable.
 */
public final class PgInstall {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** The major version that the tests run on. */
    static final String MAJOR = System.getProperty("postgresql.major", "15");

    private final Path bin;

    private PgInstall(Path bin) {
        this.bin = bin;
    }

    /** The copy below the build folder. */
    public static PgInstall current() {
        Path bin = BuildFolder.build("pg/" + MAJOR + "/bin");
        if (!Files.exists(bin.resolve("postgres"))) {
            throw new AssertionError("no PostgreSQL in " + bin + ": run make stage first");
        }
        Finished check = Machine.LOCAL.run(
                Account.POSTGRES, List.of("test", "-x", bin.resolve("postgres").toString()));
        if (check.exit() != 0) {
            throw new AssertionError("the user postgres cannot enter " + bin + ": put the checkout elsewhere, or let "
                    + "others pass its parent folders (chmod o+x)");
        }
        return new PgInstall(bin);
    }

    /** A private copy below that folder, in which files may be replaced (not written to: they are links). */
    public PgInstall copyTo(Path folder) {
        Path copy = folder.resolve("pg");
        Command.run(LIMIT, List.of("cp", "-al", BuildFolder.build("pg/" + MAJOR).toString(), copy.toString()))
                .expectSuccess();
        return new PgInstall(copy.resolve("bin"));
    }

    /** The path of one of PostgreSQL's programs. */
    public String program(String name) {
        return bin.resolve(name).toString();
    }

    /** What pg_config, which knows that it was moved, says: {@code --pkglibdir}, {@code --sharedir}, ... */
    public Path folder(String option) {
        return Path.of(Command.run(LIMIT, List.of(program("pg_config"), option))
                .expectSuccess()
                .out()
                .strip());
    }
}
