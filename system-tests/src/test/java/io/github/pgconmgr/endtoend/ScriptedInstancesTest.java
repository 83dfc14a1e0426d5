package io.github.pgconmgr.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.JavaCommand;
import io.github.pgconmgr.testkit.LabHost;
import io.github.pgconmgr.testkit.NetnsLab;
import io.github.pgconmgr.testkit.Program;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.wire.redirect.RedirectRequest;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A real conmgr with thirty instances, which no machine has room for: their watchdogs are {@link ScriptedInstances}. */
@Tag("embedded")
class ScriptedInstancesTest {

    private static final int COUNT = 30;
    private static final int FIRST_PORT = 30_000;
    private static final long INTERVAL_MILLIS = 200;
    private static final long TIMEOUT_MILLIS = 1500;
    private static final long STORM_MILLIS = 10_000;

    /** What a busy machine may take for anything. */
    private static final long SLOW_MILLIS = 1500;

    /** The heap may grow to 128 MB; on top of it comes what the JVM itself needs. */
    private static final long MOST_RSS_KB = 250_000;

    /** Lines of the log in ten seconds of a storm: what changed, not how often. */
    private static final int MOST_LINES = 60;

    private static final Pattern RSS = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    private static NetnsLab lab;
    private static Conmgr conmgr;
    private static Client client;
    private static Program instances;
    private LogWindow log;

    @BeforeAll
    static void build() {
        lab = NetnsLab.of("app", "dbs");
        LabHost app = lab.host("app");
        instances = startInstances(lab.host("dbs"));
        conmgr = new Conmgr(app, "conmgr");
        conmgr.configure(configuration());
        conmgr.ctl("start", "--complete").expectSuccess();
        client = Client.on(app);
    }

    @AfterAll
    static void close() {
        client.close();
        instances.close();
        lab.close();
    }

    private static Program startInstances(LabHost host) {
        Path root = BuildFolder.root();
        List<String> argv = JavaCommand.of(
                32,
                List.of(root.resolve("system-tests/target/test-classes"), root.resolve("wire/target/classes")),
                ScriptedInstances.class.getName(),
                Integer.toString(COUNT),
                Integer.toString(FIRST_PORT),
                "27500");
        Program program = host.start(Account.NOBODY, "instances", argv);
        program.awaitLine("READY", Stage.LIMIT);
        return program;
    }

    /** The numbers have gaps and come in no order. */
    private static String[] configuration() {
        List<String> lines = new ArrayList<>();
        for (int i = COUNT - 1; i >= 0; i--) {
            // Who is primary is remembered by name and port, and the port is the same for all.
            lines.add("backend_host" + number(i) + " = 'db" + i + "'");
            lines.add("backend_hostaddr" + number(i) + " = " + lab.host("dbs").address());
            lines.add("watchdog_port" + number(i) + " = " + (FIRST_PORT + i));
        }
        lines.add("heartbeat_interval = " + INTERVAL_MILLIS + "ms");
        lines.add("heartbeat_timeout = " + TIMEOUT_MILLIS + "ms");
        lines.add("heartbeat_connect_interval = 200ms");
        lines.add("log_min_messages = INFO");
        return lines.toArray(String[]::new);
    }

    private static int number(int index) {
        return 3 * index;
    }

    @BeforeEach
    void ready() {
        for (int i = 0; i < COUNT; i++) {
            command("speak " + i);
            command("welcome " + i);
        }
        Await.until("all are alive", Stage.LIMIT, () -> alive() == COUNT);
        log = LogWindow.on(conmgr.log());
    }

    @AfterEach
    void quiet() {
        assertEquals(List.of(), log.alarms(List.of("instance gets no connections")));
    }

    private static long alive() {
        String status = conmgr.ctl("status", "-i", "instance").expectSuccess().out();
        return status.lines().filter(line -> line.contains(" ALIVE ")).count();
    }

    private static void command(String line) {
        int before = instances.output().linesWith("DONE " + line).size();
        instances.writeLine(line);
        Await.until(
                "DONE " + line,
                Stage.LIMIT,
                () -> instances.output().linesWith("DONE " + line).size() > before);
    }

    private static String request(TargetAttribute target) {
        ByteBuffer bytes = new RedirectRequest(0, target, Map.of()).encode();
        return HexFormat.of().formatHex(bytes.array(), bytes.arrayOffset(), bytes.arrayOffset() + bytes.limit());
    }

    /** Type, different answers, milliseconds of the slowest. */
    private static String[] ask(int count, TargetAttribute target) {
        return client.start("ask", Integer.toString(count), request(target))
                .await(Duration.ofSeconds(50))
                .expectOk()
                .split(" ");
    }

    private List<String> changes() {
        return log.lines().stream()
                .filter(line -> line.contains(" -> "))
                .map(line -> line.replaceFirst(".*(instance \\d+: )", "$1"))
                .toList();
    }

    @Test
    @Proves({"C3", "T7"})
    void thirtyInstancesAreHeardAndServedInTurns() {
        String[] answer = ask(2 * COUNT, TargetAttribute.ANY);
        assertEquals("c", answer[0]);
        assertEquals(Integer.toString(COUNT), answer[1], "each instance once in a while");
        assertEquals("1", ask(10, TargetAttribute.PRIMARY)[1]);
        assertEquals(List.of(), changes());
    }

    @Test
    @Proves("L1")
    void oneOfThirtyThatFallsSilentIsJudgedAndNoOther() {
        long silent = Stage.now();
        command("silent 7");
        log.await("instance " + number(7) + ": ALIVE -> DOWN: no heartbeat for 1.");
        long millis = Stage.millis(silent, Stage.now());
        assertTrue(millis < TIMEOUT_MILLIS + SLOW_MILLIS, millis + " ms");
        assertEquals(1, changes().size(), () -> changes().toString());
    }

    @Test
    void aGoodbyeWhileSuspectMakesItDown() {
        command("farewell 4");
        command("hangup 4");
        log.await("instance " + number(4) + ": ALIVE -> SUSPECT: connection closed by the watchdog");
        log.await("instance " + number(4) + ": SUSPECT -> DOWN: the instance is stopping");
    }

    @Test
    void garbageIsAClosedHeartbeatAndTheNextConnectionHealsIt() {
        command("garbage 5");
        log.await("instance " + number(5) + ": ALIVE -> SUSPECT: protocol error: ");
        log.await("instance " + number(5) + ": SUSPECT -> ALIVE: welcomed by the watchdog");
    }

    @Test
    @Proves({"T5", "L1"})
    void aStormOfStatesDisturbsNeitherStageOneNorTheJudgementOnOthers() {
        command("storm 9 " + STORM_MILLIS);
        log.await("instance " + number(9) + ": instance gets no connections");
        long silent = Stage.now();
        command("silent 8");
        log.await("instance " + number(8) + ": ALIVE -> DOWN: no heartbeat for 1.");
        long judged = Stage.millis(silent, Stage.now());
        String[] answers = ask(500, TargetAttribute.PRIMARY);
        long rss = rssKilobytes();
        String stormed = instances.awaitLine("STORMED", Stage.LIMIT);
        System.out.printf(
                Locale.ROOT,
                "%s in %d ms; judged meanwhile after %d ms; slowest of 500 answers %s ms; RSS %d MB; %d lines of log%n",
                stormed,
                STORM_MILLIS,
                judged,
                answers[2],
                rss / 1024,
                log.lines().size());
        assertTrue(judged < TIMEOUT_MILLIS + SLOW_MILLIS, judged + " ms");
        assertEquals("c 1", answers[0] + " " + answers[1]);
        assertTrue(Long.parseLong(answers[2]) < SLOW_MILLIS, answers[2] + " ms");
        assertEquals(1, changes().size(), () -> changes().toString());
        assertTrue(log.lines().size() <= MOST_LINES, log.lines().size() + " lines");
        assertTrue(Math.max(rss, rssKilobytes()) < MOST_RSS_KB, rss + " kB");
    }

    private static long rssKilobytes() {
        String status = lab.host("app")
                .exec("cat", "/proc/" + conmgr.pid() + "/status")
                .expectSuccess()
                .out();
        Matcher match = RSS.matcher(status);
        assertTrue(match.find(), status);
        return Long.parseLong(match.group(1));
    }
}
