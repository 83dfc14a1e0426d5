package io.github.pgconmgr.javafailures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.JavaHost;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.watchdog.FailureKind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever Java does inside PostgreSQL, the worker ends with code 1 and is back in seconds; nobody else notices. */
@Proves({"L5", "L7", "S1"})
@Tag("slow")
class JavaFailureTest {

    /** What the log must say, in part. */
    private static final Map<FailureKind, String> SAID = Map.of(
            FailureKind.THROW, "failing as told",
            FailureKind.OOM, "OutOfMemoryError",
            FailureKind.FULL, "OutOfMemoryError",
            FailureKind.STACK, "StackOverflowError",
            FailureKind.EXIT, "called exit(7)",
            FailureKind.HALT, "called exit(7)",
            FailureKind.CRASH, "the JVM aborted",
            FailureKind.STUCK, "does not answer");

    /** A stuck Java is given ten seconds. */
    private static final Duration NOTICED = Duration.ofSeconds(5);

    private static final Duration NOTICED_STUCK = Duration.ofSeconds(17);

    /** From the end of the old worker: one second until the postmaster starts the next, and its JVM's start. */
    private static final Duration BACK = Duration.ofSeconds(8);

    private static FailingInstall install;

    @BeforeAll
    static void install() throws IOException {
        install = new FailingInstall();
    }

    @AfterAll
    static void remove() {
        install.close();
    }

    static Stream<Arguments> failures() {
        return Stream.of(Place.values())
                .flatMap(place -> Stream.of(FailureKind.values()).map(kind -> Arguments.of(place, kind)));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void theWorkerEndsWithCode1IsBackInSecondsAndNobodyElseNotices(Place place, FailureKind kind) throws IOException {
        try (FailingInstance failing = new FailingInstance(install.install())) {
            Bystanders bystanders = failing.connectAll();
            String checkpointer = failing.processPid("checkpointer");
            String worker = failing.processPid("watchdog");
            String session = bystanders.sessionPid();
            install.order(place, kind);
            long orderNanos = NanoClock.SYSTEM.nanoTime();
            String exit = "background worker \"watchdog\" (PID " + worker + ") exited with exit code 1";
            Await.until(
                    exit,
                    mayBeStuck(kind) ? NOTICED_STUCK : NOTICED,
                    () -> !failing.instance().log().linesWith(exit).isEmpty());
            long exitNanos = NanoClock.SYSTEM.nanoTime();
            bystanders.returnToTheNextWatchdog();
            long backNanos = NanoClock.SYSTEM.nanoTime();
            assertTrue(backNanos - exitNanos < BACK.toNanos(), "too late");
            System.out.printf(
                    Locale.ROOT,
                    "%s %s %s: gone after %d ms, peer adopted %d ms later%n",
                    JavaHost.ofThisRun(),
                    place,
                    kind,
                    (exitNanos - orderNanos) / 1_000_000,
                    (backNanos - exitNanos) / 1_000_000);
            assertSaid(failing, kind);
            awaitLongerThanATimeout(failing);
            assertNotEquals(worker, failing.processPid("watchdog"));
            assertEquals(checkpointer, failing.processPid("checkpointer"));
            assertEquals(session, bystanders.sessionPid());
            failing.assertNoCrash();
        }
    }

    /** Without memory PL/Java does not always find its way back to C. */
    private static boolean mayBeStuck(FailureKind kind) {
        return kind == FailureKind.STUCK || (kind == FailureKind.FULL && JavaHost.ofThisRun() == JavaHost.PLJAVA);
    }

    private static void assertSaid(FailingInstance failing, FailureKind kind) {
        List<String> lines = failing.instance().log().linesWith("Java in the watchdog");
        assertFalse(
                lines.stream()
                        .filter(line -> line.contains(SAID.get(kind))
                                || (mayBeStuck(kind) && line.contains(SAID.get(FailureKind.STUCK))))
                        .toList()
                        .isEmpty(),
                lines.toString());
    }

    private static void awaitLongerThanATimeout(FailingInstance failing) {
        String line = "no session is ended";
        long end = NanoClock.SYSTEM.nanoTime() + (Bystanders.TIMEOUT_MILLIS + 500) * 1_000_000L;
        Await.until(line, FailingInstance.LIMIT, () -> NanoClock.SYSTEM.nanoTime() - end >= 0);
        assertEquals(List.of(), failing.instance().log().linesWith(" -> DEAD: "));
    }
}
