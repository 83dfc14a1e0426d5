package io.github.pgconmgr.watchdogtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Proves;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FullWatchdogTest {

    @RegisterExtension
    static final WatchdogLab LAB = new WatchdogLab("db1", "app1", "app2");

    @Test
    @Proves("S6")
    void oneConmgrTooManyIsRefusedWithAReasonAndMayComeWhenThereIsRoom() {
        PgInstance primary = LAB.primary("db1", Map.of("watchdog.max_heartbeat_connections", "1"));
        ConmgrProcess first = LAB.conmgr("app1", primary, 100, WatchdogLab.NEVER_MILLIS);
        LAB.expectAlarm("refused: watchdog.max_heartbeat_connections = 1 is reached");
        ConmgrProcess second = LAB.startConmgr("app2", primary, 100, WatchdogLab.NEVER_MILLIS, "app2");
        Timed refused = second.await("REFUSED");
        assertEquals("1 watchdog.max_heartbeat_connections = 1 is reached", refused.details());
        second.await("ENDED");
        first.awaitAfter(refused.nanos(), "BEAT", 3);
        assertEquals(List.of(), first.all("ENDED"));
        assertTrue(primary.log()
                .linesWith("is reached")
                .get(0)
                .contains(second.host().address()));
        first.command("goodbye stop");
        first.await("ENDED");
        second.command("connect");
        second.await("WELCOME");
    }
}
