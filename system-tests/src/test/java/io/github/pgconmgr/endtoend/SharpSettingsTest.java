package io.github.pgconmgr.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.story.ApplicationProcess;
import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Machine;
import io.github.pgconmgr.testkit.Program;
import io.github.pgconmgr.testkit.Proves;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * {@code heartbeat_interval = 100ms}, {@code heartbeat_timeout = 300ms}, and every core busy: no false alarm on either side. Ten
 * minutes; {@code sharp.seconds} says otherwise ({@code make check-slow SHARP_SECONDS=60}).
 */
@Tag("slow")
class SharpSettingsTest {

    private static final int SECONDS = Integer.getInteger("sharp.seconds", 600);
    private static final int INTERVAL_MILLIS = 100;
    private static final int TIMEOUT_MILLIS = 300;

    /** How often is looked whether all is well. */
    private static final int LOOK_SECONDS = 10;

    private static final Pattern CONMGR_STALL = Pattern.compile("heartbeat loop woke (\\d+) ms late");
    private static final Pattern WATCHDOG_STALL = Pattern.compile("this process was stalled for (\\d+) ms");
    private static final Pattern DOUBT = Pattern.compile(" -> (SUSPECT|DOWN|LOST|GRACE|DEAD|GONE)\\b");

    private final Stage stage = new Stage();
    private final List<Program> load = new ArrayList<>();

    @AfterEach
    void close() {
        load.forEach(Program::close);
        stage.close();
    }

    @Test
    @Timeout(value = 40, unit = TimeUnit.MINUTES)
    @Proves({"L1", "L2", "L4"})
    void bothCoresBusyCauseNoFalseAlarm() {
        stage.ready(configuration());
        ApplicationProcess writer = stage.story().startApplication("writer", "busy", Story.conmgrUrl("primary"));
        writer.awaitAfter(Stage.now() - Stage.LIMIT.toNanos(), "ACK", Stage.LIMIT);
        stage.awaitArmed();
        startLoad();
        stage.watchLogs();
        long begin = Stage.now();
        for (int second = LOOK_SECONDS; second <= SECONDS; second += LOOK_SECONDS) {
            long look = begin + TimeUnit.SECONDS.toNanos(second);
            Await.until("second " + second, Duration.ofSeconds(60), () -> Stage.now() - look >= 0);
            assertEquals(List.of(), doubts());
        }
        report("conmgr's heartbeat loop", stage.conmgrLog(), CONMGR_STALL);
        report("the primary's watchdog (from 100 ms)", stage.oneLog(), WATCHDOG_STALL);
        report("the standby's watchdog (from 100 ms)", stage.twoLog(), WATCHDOG_STALL);
        assertEquals(List.of(), writer.eventsAfter(begin, "ERROR"));
        assertTrue(stage.isAlive(0) && stage.isAlive(1));
        stage.expectQuietLogs();
    }

    private static String[] configuration() {
        return new String[] {
            "backend_host0 = db1",
            "backend_host1 = db2",
            "heartbeat_interval = " + INTERVAL_MILLIS + "ms",
            "heartbeat_timeout = " + TIMEOUT_MILLIS + "ms",
            "heartbeat_connect_interval = 200ms",
            "log_min_messages = INFO"
        };
    }

    private void startLoad() {
        for (int core = 0; core < Runtime.getRuntime().availableProcessors(); core++) {
            List<String> argv = List.of("sh", "-c", "while :; do :; done");
            load.add(Program.start(
                    Machine.LOCAL,
                    Account.OURSELVES,
                    stage.story().app().folder().resolve("load" + core + ".log"),
                    argv));
        }
    }

    private List<String> doubts() {
        List<String> lines = new ArrayList<>(stage.conmgrLog().lines());
        lines.addAll(stage.oneLog().lines());
        lines.addAll(stage.twoLog().lines());
        lines.removeIf(line -> !DOUBT.matcher(line).find());
        return lines;
    }

    private static void report(String who, LogWindow log, Pattern stall) {
        long count = 0;
        long longest = 0;
        for (String line : log.lines()) {
            Matcher match = stall.matcher(line);
            if (match.find()) {
                count++;
                longest = Math.max(longest, Long.parseLong(match.group(1)));
            }
        }
        System.out.printf(
                Locale.ROOT, "%s: %d stalls logged in %d s, the longest %d ms%n", who, count, SECONDS, longest);
    }
}
