package io.github.pgconmgr.javafailures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.JavaHost;
import io.github.pgconmgr.testkit.Machine;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.watchdog.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A Java that never comes back holds up neither a stop of the instance nor the end after its postmaster's death. */
@Proves({"L5", "S1"})
class StuckStopTest {

    /** An instance without us takes a fraction of it. */
    private static final Duration SOON = Duration.ofSeconds(2);

    private static FailingInstall install;

    @BeforeAll
    static void install() throws IOException {
        install = new FailingInstall();
    }

    @AfterAll
    static void remove() {
        install.close();
    }

    @ParameterizedTest
    @EnumSource
    void aFastStopDoesNotWait(Place place) throws IOException {
        stopWhileStuck(place, PgInstance.StopMode.FAST);
    }

    @ParameterizedTest
    @EnumSource
    void anImmediateStopDoesNotWait(Place place) throws IOException {
        stopWhileStuck(place, PgInstance.StopMode.IMMEDIATE);
    }

    private static void stopWhileStuck(Place place, PgInstance.StopMode mode) throws IOException {
        try (FailingInstance failing = new FailingInstance(install.install())) {
            stick(failing, place);
            long beforeNanos = NanoClock.SYSTEM.nanoTime();
            failing.instance().stop(mode);
            long millis = (NanoClock.SYSTEM.nanoTime() - beforeNanos) / 1_000_000;
            System.out.printf(Locale.ROOT, "%s %s %s stop: %d ms%n", JavaHost.ofThisRun(), place, mode, millis);
            assertTrue(millis < SOON.toMillis(), "the stop took " + millis + " ms");
            // An immediate stop says of each child that it is quickly told to go.
            failing.instance()
                    .log()
                    .unexpected("terminating connection because")
                    .forEach(line -> assertEquals("", line));
        }
    }

    @ParameterizedTest
    @EnumSource
    void thePostmastersDeathEndsTheWorkerAtOnce(Place place) throws IOException {
        try (FailingInstance failing = new FailingInstance(install.install())) {
            String worker = stick(failing, place);
            String postmaster = Long.toString(failing.instance().pid());
            long beforeNanos = NanoClock.SYSTEM.nanoTime();
            Machine.LOCAL
                    .run(Account.OURSELVES, List.of("kill", "-KILL", postmaster))
                    .expectSuccess();
            Await.until("the end of the worker", SOON, () -> hasEnded(worker));
            System.out.printf(
                    Locale.ROOT,
                    "%s %s postmaster killed: worker gone after %d ms%n",
                    JavaHost.ofThisRun(),
                    place,
                    (NanoClock.SYSTEM.nanoTime() - beforeNanos) / 1_000_000);
        }
    }

    /** An orphan is a zombie until process 1 cares for it. */
    private static boolean hasEnded(String pid) throws IOException {
        Path status = Path.of("/proc", pid, "status");
        try {
            return Files.readAllLines(status).stream().anyMatch(line -> line.matches("State:\\s+[ZX].*"));
        } catch (NoSuchFileException gone) {
            return true;
        }
    }

    /** Gives the worker's process id once its Java is stuck. */
    private static String stick(FailingInstance failing, Place place) throws IOException {
        failing.awaitLine("listening for heartbeats");
        String worker = failing.processPid("watchdog");
        install.order(place, FailureKind.STUCK);
        install.awaitObeyed();
        return worker;
    }
}
