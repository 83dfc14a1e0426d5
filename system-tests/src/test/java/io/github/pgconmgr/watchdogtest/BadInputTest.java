package io.github.pgconmgr.watchdogtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.wire.Id128;
import io.github.pgconmgr.wire.MalformedMessageException;
import io.github.pgconmgr.wire.heartbeat.Beat;
import io.github.pgconmgr.wire.heartbeat.HeartbeatCodec;
import io.github.pgconmgr.wire.heartbeat.HeartbeatFrame;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import io.github.pgconmgr.wire.heartbeat.Hello;
import io.github.pgconmgr.wire.heartbeat.HostIdentity;
import io.github.pgconmgr.wire.heartbeat.Refused;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What strangers send to watchdog.port, while a good conmgr is connected and must not notice. */
class BadInputTest {

    @RegisterExtension
    static final WatchdogLab LAB = new WatchdogLab("db1", "app1", "bad");

    private static final int GOOD_TIMEOUT_MILLIS = 1200;
    private static final int MOST_WAITING = 64;
    private static final long HELLO_LIMIT_MILLIS = 10_000;

    private static PgInstance primary;

    private ConmgrProcess good;
    private SqlSession session;
    private RawPeersProcess bad;
    private long begin;

    @BeforeEach
    void connect() {
        if (primary == null) {
            primary = LAB.primary("db1", Map.of());
            primary.sql("CREATE EXTENSION watchdog");
        }
        good = LAB.conmgr("app1", primary, 100, GOOD_TIMEOUT_MILLIS).awaitArmed();
        session = LAB.session("app1", primary);
        bad = LAB.rawPeers("bad");
        begin = Timed.now();
    }

    @AfterEach
    void theGoodOneNoticedNothing() {
        good.awaitAfter(Timed.now(), "BEAT", 2);
        assertEquals(List.of(), good.all("ENDED"));
        List<Timed> beats = good.allAfter(begin, "BEAT");
        for (int i = 1; i < beats.size(); i++) {
            long gap = beats.get(i).millisAfter(beats.get(i - 1).nanos());
            assertTrue(gap < GOOD_TIMEOUT_MILLIS, "beats " + gap + " ms apart");
        }
        assertEquals(1, good.all("WELCOME").size());
        assertTrue(session.isOpen());
    }

    private void open(String name) {
        bad.command("open " + name + " " + primary.address() + " 27545");
        bad.await("OPENED", name);
    }

    private static String hex(HeartbeatFrame frame) {
        ByteBuffer encoded = HeartbeatCodec.encode(frame);
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static Hello hello(Id128 id) {
        HostIdentity host = new HostIdentity("bad", "boot", 0);
        return Hello.of(new HeartbeatSettings(1, WatchdogLab.NEVER_MILLIS), id, id, host, "bad");
    }

    @Test
    @Proves("L2")
    void whatIsNoHelloEndsItsConnectionAtOnceWithoutAnAnswer() {
        String good = hex(hello(new Id128(1, 1)));
        Map<String, String> inputs = Map.ofEntries(
                Map.entry("garbage", "0013" + "5a".repeat(19)),
                Map.entry("oversized", "ffff" + "01".repeat(200)),
                Map.entry("just-oversized", "0401"),
                Map.entry("empty-frame", "0000"),
                Map.entry("http", hex("GET / HTTP/1.1\r\nHost: db1\r\n\r\n")),
                Map.entry("tls", "160301020001fc0303"),
                Map.entry("postgresql", "00000008" + "04d2162f"),
                Map.entry("beat-first", hex(new Beat(1, 0, 0, 0, 0))),
                Map.entry("no-magic", good.replace("434d4842", "434d4843")),
                Map.entry("no-id", hex(hello(Id128.NONE))),
                Map.entry("no-interval", good.replace("0001000100000001", "0001000100000000")),
                Map.entry("reserved-type", "000104"));
        inputs.forEach((name, bytes) -> {
            open(name);
            bad.command("send " + name + " " + bytes);
        });
        for (String name : inputs.keySet()) {
            bad.await("ENDED", name);
        }
        assertEquals(List.of(), bad.all("GOT"));
    }

    @Test
    @Proves("L2")
    void whatFollowsAHelloAndIsNoBeatEndsThatConnectionAlone() {
        String hello = hex(hello(new Id128(2, 2)));
        for (String bytes : List.of("ffff", "000105", "00020100", hello)) {
            String name = "after-hello-" + bytes.length() + bytes.hashCode();
            open(name);
            bad.command("send " + name + " " + hello);
            bad.await("GOT", name);
            bad.command("send " + name + " " + bytes);
            bad.await("ENDED", name);
        }
    }

    @Test
    @Proves("L2")
    void anotherVersionIsRefusedWithAReason() throws MalformedMessageException {
        LAB.expectAlarm("refused: protocol version 1 is spoken here, not 2 to 7");
        open("later");
        bad.command("send later " + hex(hello(new Id128(3, 3))).replace("434d484200010001", "434d484200020007"));
        bad.await("ENDED", "later");
        byte[] answer =
                HexFormat.of().parseHex(bad.await("GOT", "later").details().split(" ", 2)[1]);
        Refused refused = (Refused) HeartbeatCodec.decode(ByteBuffer.wrap(answer, 2, answer.length - 2));
        assertEquals(Refused.VERSION, refused.code());
        assertEquals("protocol version 1 is spoken here, not 2 to 7", refused.text());
    }

    /** And while they last, all the others: an idle crowd, half a HELLO, a HELLO of a byte a second. */
    @Test
    @Proves("L2")
    void whoIsSlowIsClosedAfterTenSecondsAndOnlySoManyMayWait() {
        String hello = hex(hello(new Id128(4, 4)));
        for (int i = 0; i < 100; i++) {
            bad.command("open idle" + i + " " + primary.address() + " 27545");
        }
        bad.await("OPENED", "idle99");
        open("half");
        bad.command("send half " + hello.substring(0, hello.length() - 2));
        open("drip");
        bad.command("drip drip " + hello + " 1000");
        int tooMany = 102 - MOST_WAITING;
        Await.until(
                "the crowd is cut", WatchdogLab.LIMIT, () -> bad.all("ENDED").size() >= tooMany);
        good.awaitAfter(Timed.now(), "BEAT", 3);
        assertEquals(tooMany, bad.all("ENDED").size());
        Set<String> slow = new HashSet<>(List.of("half", "drip"));
        Await.until("all are closed", WatchdogLab.LIMIT, () -> bad.all("ENDED").size() == 102);
        for (Timed end : bad.all("ENDED")) {
            if (slow.contains(end.first())) {
                long millis = end.millisAfter(bad.await("OPENED", end.first()).nanos());
                assertTrue(millis > HELLO_LIMIT_MILLIS - 500 && millis < HELLO_LIMIT_MILLIS + 2000, millis + " ms");
            }
        }
        assertEquals(List.of(), bad.all("GOT"));
    }

    @Test
    @Proves({"L2", "T5"})
    void whoNeverReadsHoldsUpNobody() {
        // So that they are full within a second.
        LAB.host("db1")
                .exec("sh", "-c", "echo 4096 4096 4096 >/proc/sys/net/ipv4/tcp_wmem")
                .expectSuccess();
        List<String> deaf = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String name = "deaf" + i;
            deaf.add(name);
            bad.command("deaf " + name + " " + primary.address() + " 27545");
            bad.await("OPENED", name);
            bad.command("send " + name + " " + hex(hello(new Id128(5, i + 1))));
            bad.command("repeat " + name + " " + hex(new Beat(1, 0, 0, 0, 0)) + " 1");
        }
        awaitFullSockets(deaf.size());
        for (String value : List.of("on", "off")) {
            long before = Timed.now();
            primary.set("default_transaction_read_only", value);
            primary.reload();
            good.awaitAfter(before, "STATE");
        }
        assertEquals("4", primary.sql("SELECT count(*) FROM pgx_stat_watchdog"));
        deaf.forEach(name -> bad.command("close " + name));
        Await.until(
                "they are gone",
                WatchdogLab.LIMIT,
                () -> primary.sql("SELECT count(*) FROM pgx_stat_watchdog").equals("1"));
    }

    /** The send queues of watchdog.port stop growing although a BEAT is due every millisecond: no byte more goes in. */
    private static void awaitFullSockets(int count) {
        long[] former = {0};
        Await.until("the sockets to the deaf are full", WatchdogLab.LIMIT, () -> {
            List<Long> queues = LAB.host("db1")
                    .exec("ss", "-tnH", "sport = :27545")
                    .out()
                    .lines()
                    .map(line -> Long.parseLong(line.trim().split("\\s+", 4)[2]))
                    .filter(bytes -> bytes > 1000)
                    .toList();
            long sum = queues.stream().mapToLong(Long::longValue).sum();
            boolean full = queues.size() == count && sum == former[0];
            former[0] = sum;
            WatchdogLab.awaitTime(Timed.now() + 100_000_000L);
            return full;
        });
    }
}
