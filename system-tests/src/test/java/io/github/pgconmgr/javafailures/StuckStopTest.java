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
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

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

    static Stream<Arguments> stuck() {
        return Hosts.installed().flatMap(host -> Stream.of(Place.values()).map(place -> Arguments.of(host, place)));
    }

    @ParameterizedTest
    @MethodSource("stuck")
    void aFastStopDoesNotWait(JavaHost host, Place place) throws IOException {
        stopWhileStuck(host, place, PgInstance.StopMode.FAST);
    }

    @ParameterizedTest
    @MethodSource("stuck")
    void anImmediateStopDoesNotWait(JavaHost host, Place place) throws IOException {
        stopWhileStuck(host, place, PgInstance.StopMode.IMMEDIATE);
    }

    private static void stopWhileStuck(JavaHost host, Place place, PgInstance.StopMode mode) throws IOException {
        try (FailingInstance failing = new FailingInstance(install.install(), host)) {
            stick(failing, place);
            long beforeNanos = NanoClock.SYSTEM.nanoTime();
            failing.instance().stop(mode);
            long millis = (NanoClock.SYSTEM.nanoTime() - beforeNanos) / 1_000_000;
            System.out.printf("%s %s %s stop: %d ms%n", host, place, mode, millis);
            assertTrue(millis < SOON.toMillis(), "the stop took " + millis + " ms");
            // An immediate stop says of each child that it is quickly told to go.
            failing.instance()
                    .log()
                    .unexpected("terminating connection because")
                    .forEach(line -> assertEquals("", line));
        }
    }

    @ParameterizedTest
    @MethodSource("stuck")
    void thePostmastersDeathEndsTheWorkerAtOnce(JavaHost host, Place place) throws IOException {
        try (FailingInstance failing = new FailingInstance(install.install(), host)) {
            long worker = Long.parseLong(stick(failing, place));
            String postmaster = Long.toString(failing.instance().pid());
            long beforeNanos = NanoClock.SYSTEM.nanoTime();
            Machine.LOCAL
                    .run(Account.OURSELVES, List.of("kill", "-KILL", postmaster))
                    .expectSuccess();
            Await.until(
                    "the end of the worker",
                    SOON,
                    () -> ProcessHandle.of(worker)
                            .filter(ProcessHandle::isAlive)
                            .isEmpty());
            System.out.printf(
                    "%s %s postmaster killed: worker gone after %d ms%n",
                    host, place, (NanoClock.SYSTEM.nanoTime() - beforeNanos) / 1_000_000);
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
