package io.github.pgconmgr.watchdog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.watchdog.peer.AllowedConmgrs;
import io.github.pgconmgr.wire.heartbeat.Beat;
import io.github.pgconmgr.wire.heartbeat.Refused;
import io.github.pgconmgr.wire.heartbeat.Welcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code watchdog.allowed_conmgrs}, over loopback. */
class DoorkeeperTest {

    private static final AllowedConmgrs OTHERS = TestWatchdog.allowed("10.0.0.0", 8);
    private static final String REFUSAL = "address 127.0.0.1 is not in watchdog.allowed_conmgrs";

    private static final byte[] OTHER_VERSION = {0, 9, 1, 'C', 'M', 'H', 'B', 0, 2, 0, 9};

    @TempDir
    private Path directory;

    private static void assertRefused(TestWatchdog watchdog, byte... said) throws Exception {
        try (TestConmgr stranger = new TestConmgr(watchdog.port())) {
            stranger.send(said);
            assertEquals(new Refused(Refused.NOT_ALLOWED, REFUSAL), stranger.read());
            assertNull(stranger.read());
        }
    }

    /** A turn that is under way still knows the former list; a HELLO of another version makes no row in any case. */
    private static void allow(TestWatchdog watchdog, AllowedConmgrs allowed) throws Exception {
        watchdog.tick(allowed);
        int expected = allowed.equals(OTHERS) ? Refused.NOT_ALLOWED : Refused.VERSION;
        Await.until("the new list", () -> {
            try (TestConmgr asking = new TestConmgr(watchdog.port())) {
                asking.send(OTHER_VERSION);
                return asking.await(Refused.class).code() == expected;
            }
        });
    }

    private static TestConmgr welcomed(TestWatchdog watchdog, int id) throws Exception {
        TestConmgr conmgr = new TestConmgr(watchdog.port());
        conmgr.send(TestConmgr.hello(id, 50, 60_000));
        conmgr.await(Welcome.class);
        return conmgr;
    }

    @Test
    void whoIsNotAllowedIsToldSoWhateverItSaysAndIsLoggedOnce() throws Exception {
        try (TestWatchdog watchdog = TestWatchdog.listening(directory, ServerLimits.PRODUCT)) {
            allow(watchdog, OTHERS);
            assertRefused(watchdog, TestConmgr.bytes(TestConmgr.hello(1, 1000, 3000)));
            assertRefused(watchdog, new byte[3000]);
            assertRefused(watchdog, (byte) 0);
            watchdog.awaitLog(REFUSAL);
            assertEquals(1, watchdog.tick().logged(REFUSAL));
            assertEquals(0, watchdog.logged("malformed"));
            assertEquals(List.of(), watchdog.rows);
        }
    }

    @Test
    void whoIsConnectedStaysAndANewListIsTakenAtOnce() throws Exception {
        try (TestWatchdog watchdog = TestWatchdog.listening(directory, ServerLimits.PRODUCT);
                TestConmgr inside = welcomed(watchdog, 1)) {
            allow(watchdog, OTHERS);
            assertRefused(watchdog, (byte) 1);
            long heard = inside.await(Beat.class).sequence();
            inside.beat();
            assertTrue(inside.await(Beat.class).sequence() > heard);
            allow(watchdog, TestWatchdog.allowed("127.0.0.0", 8));
            welcomed(watchdog, 2).hangUp();
            allow(watchdog, OTHERS);
            assertRefused(watchdog, (byte) 1);
            Await.until("logged again", () -> watchdog.tick().logged(REFUSAL) == 2);
        }
    }

    @Test
    void strangersThatSayNothingLeaveHalfOfThePlacesToOthers() throws Exception {
        ServerLimits four = new ServerLimits(TimeUnit.SECONDS.toNanos(60), 4, 4096, 1);
        try (TestWatchdog watchdog = TestWatchdog.listening(directory, four)) {
            allow(watchdog, OTHERS);
            List<TestConmgr> silent = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                silent.add(new TestConmgr(watchdog.port()));
            }
            for (TestConmgr late : silent.subList(2, 5)) {
                late.awaitEnd();
            }
            watchdog.awaitLog(REFUSAL);
            assertEquals(0, watchdog.logged("wait for their HELLO"));
            for (TestConmgr early : silent.subList(0, 2)) {
                early.send((byte) 1);
                assertEquals(Refused.NOT_ALLOWED, early.await(Refused.class).code());
            }
        }
    }
}
