package io.github.pgconmgr.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Machine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gigabyte in each direction, past somebody who does not read: conmgr's memory stays as it was. */
@Tag("slow")
@Timeout(300)
class BackPressureTest {

    private static final long GIGABYTE = 1_000_000_000;
    private static final Duration LONG = Duration.ofMinutes(2);

    /** What the JVM may take meanwhile for its own purposes: compiled code, the young generation. */
    private static final long MARGIN_KIB = 24 * 1024;

    private static LocalRelay relay;

    @BeforeAll
    static void build() throws IOException {
        relay = new LocalRelay().start(LocalRelay.TRUST);
        // Warm: both directions have been used.
        try (RawClient client = relay.rawClient()) {
            client.sendQuery("SELECT repeat('x', 1000) FROM generate_series(1, 50000)");
            client.skipTo('Z');
            client.query("CREATE UNLOGGED TABLE lines (line text)");
        }
    }

    @AfterAll
    static void close() {
        relay.close();
    }

    private static long residentKib() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + relay.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    private static void assertFlat(String what, long before) throws IOException {
        long grown = residentKib() - before;
        System.out.println("back pressure, " + what + ": " + before + " KiB before, " + grown + " KiB more");
        assertTrue(grown < MARGIN_KIB, what + ": " + grown + " KiB more");
    }

    private static void awaitBlocked(String waitEvent) {
        String sql =
                "SELECT count(*) FROM pg_stat_activity WHERE datname = 'shop' AND wait_event = '" + waitEvent + "'";
        Await.until(
                "the instance waits: " + waitEvent,
                LocalRelay.LIMIT,
                () -> relay.instance().sql(sql, "SELECT pg_sleep(1)").startsWith("1"));
    }

    @Test
    void aClientThatStopsReadingAGigabyteHoldsUpItsServerAndCostsNoMemory() throws IOException {
        long before = residentKib();
        try (RawClient client = relay.rawClient();
                RawClient other = relay.rawClient()) {
            client.sendQuery("SELECT repeat('x', 1000) FROM generate_series(1, 1000000)");
            awaitBlocked("ClientWrite");
            assertEquals("1", other.value("SELECT 1"));
            assertFlat("a client that does not read", before);
            assertTrue(client.skipTo('Z') > GIGABYTE);
            assertFlat("behind its gigabyte", before);
        }
    }

    @Test
    void oneMessageOfAGigabyteIsNeverHeldWhole() throws IOException {
        long before = residentKib();
        try (RawClient client = relay.rawClient()) {
            client.sendQuery("SELECT repeat('x', 500000000)");
            awaitBlocked("ClientWrite");
            assertFlat("one row of half a gigabyte, not read", before);
            assertTrue(client.skipTo('Z') > GIGABYTE / 2);
            assertFlat("behind that row", before);
        }
    }

    @Test
    void anInstanceThatStopsReadingAGigabyteOfCopyHoldsUpItsClientAndCostsNoMemory() throws Exception {
        long before = residentKib();
        try (RawClient client = relay.rawClient();
                RawClient other = relay.rawClient()) {
            String pid = client.value("SELECT pg_backend_pid()");
            client.sendQuery("COPY lines FROM STDIN");
            client.readTo('G');
            AtomicLong sent = new AtomicLong();
            signal("STOP", pid);
            Thread writer = new Thread(() -> copy(client, sent), "COPY");
            writer.start();
            awaitStandstill(sent);
            long held = sent.get();
            assertTrue(held < GIGABYTE / 10, "nobody is held up: " + held);
            assertEquals("1", other.value("SELECT 1"));
            assertFlat("an instance that does not read", before);
            signal("CONT", pid);
            writer.join(LONG.toMillis());
            client.send('c', new byte[0]);
            assertEquals("COPY 1000000", client.readTo('Z').get(0).text());
            assertFlat("behind the gigabyte of COPY", before);
        }
    }

    private static void signal(String name, String pid) {
        Machine.LOCAL.run(Account.OURSELVES, List.of("kill", "-" + name, pid)).expectSuccess();
    }

    private static void copy(RawClient client, AtomicLong sent) {
        byte[] line = RawClient.message('d', ("y".repeat(999) + "\n").getBytes(StandardCharsets.US_ASCII));
        ByteBuffer hundred = ByteBuffer.allocate(100 * line.length);
        while (hundred.hasRemaining()) {
            hundred.put(line);
        }
        try {
            for (long count = 0; count < GIGABYTE / 1000; count += 100) {
                client.write(hundred.array());
                sent.addAndGet(hundred.capacity());
            }
        } catch (IOException e) {
            sent.set(Long.MIN_VALUE);
        }
    }

    /** What the kernels on the way take has been taken. */
    private static void awaitStandstill(AtomicLong sent) {
        long[] last = {-1};
        Await.until("nothing more is taken", LocalRelay.LIMIT, () -> {
            long before = last[0];
            relay.instance().sql("SELECT pg_sleep(1)");
            last[0] = sent.get();
            return last[0] > 0 && last[0] == before;
        });
    }
}
