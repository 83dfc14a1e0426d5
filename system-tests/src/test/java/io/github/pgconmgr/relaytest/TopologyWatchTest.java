package io.github.pgconmgr.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Program;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** cm_ctl topology --watch at a running conmgr. */
@Timeout(60)
class TopologyWatchTest {

    /** 128 and SIGINT's number, as a shell shows a program that Ctrl-C has ended. */
    private static final int INTERRUPTED = 130;

    @Test
    void itShowsWhatHasChangedInASecondPictureAndCtrlCEndsItWithoutAComplaint() {
        try (LocalRelay relay = new LocalRelay().start();
                Program watch = relay.startCtl("topology", "--watch=1")) {
            watch.awaitLine(" ALIVE ", LocalRelay.LIMIT);
            relay.instance().stop(PgInstance.StopMode.FAST);
            watch.awaitLine(" DOWN ", LocalRelay.LIMIT);
            watch.signal("INT");
            assertEquals(INTERRUPTED, watch.awaitExit(LocalRelay.LIMIT));
            // Nothing but pictures of three lines each, whole ones.
            List<String> lines = watch.output().lines();
            assertEquals(0, lines.size() % 3, lines::toString);
            for (int line = 0; line < lines.size(); line++) {
                String begin =
                        List.of("remembered: ", "  instance ", "         0  ").get(line % 3);
                assertTrue(lines.get(line).startsWith(begin), lines::toString);
            }
        }
    }
}
