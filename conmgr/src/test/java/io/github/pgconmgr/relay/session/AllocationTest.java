package io.github.pgconmgr.relay.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/**
 * Nothing is allocated per transaction (ADR 9): the JVM counts the bytes that this thread has allocated while the core carried out many of
 * them. The reading of the counter itself is in the figure, so a few hundred bytes in all are nothing.
 */
class AllocationTest {

    private static final int TRANSACTIONS = 20_000;
    private static final long NOTHING = 1_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static ByteBuffer chunk(byte[]... messages) {
        byte[] all = Wire.join(messages);
        return ByteBuffer.allocateDirect(all.length).put(all).flip();
    }

    private static final ByteBuffer QUERY = chunk(Wire.query("SELECT abalance FROM pgbench_accounts WHERE aid = 1"));
    private static final ByteBuffer ROW =
            chunk(Wire.message('T', "x".repeat(30)), Wire.message('D', "x".repeat(10)), Wire.done("SELECT 1", 'I'));
    private static final ByteBuffer EXTENDED = chunk(
            Wire.message('P', "\0SELECT 1\0\0\0"),
            Wire.message('B', "\0\0\0\0\0\0\0\0"),
            Wire.message('D', "P\0"),
            Wire.message('E', "\0\0\0\0\0"),
            Wire.message('S', ""));
    private static final ByteBuffer EXTENDED_ROW = chunk(
            Wire.message('1', ""),
            Wire.message('2', ""),
            Wire.message('T', "x".repeat(30)),
            Wire.message('D', "x".repeat(10)),
            Wire.done("SELECT 1", 'I'));
    private static final ByteBuffer BEGIN = chunk(Wire.query("BEGIN"));
    private static final ByteBuffer BEGUN = chunk(Wire.done("BEGIN", 'T'));
    private static final ByteBuffer COMMIT = chunk(Wire.query("COMMIT"));
    private static final ByteBuffer COMMITTED = chunk(Wire.done("COMMIT", 'I'));

    /** The bytes allocated by so many runs, once as many have warmed it up. */
    private static long allocated(Runnable transaction) {
        run(transaction);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        run(transaction);
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    private static void run(Runnable transaction) {
        for (int number = 0; number < TRANSACTIONS; number++) {
            transaction.run();
        }
    }

    private static void assertNothing(long bytes) {
        assertTrue(bytes <= NOTHING, bytes + " bytes in " + TRANSACTIONS + " transactions");
    }

    private static RelayLab.Pair quiet(RelayLab.Pair pair) {
        pair.client().discard();
        pair.server().discard();
        return pair;
    }

    private static void query(RelayLab.Pair pair) {
        pair.client().receive(QUERY);
        pair.server().receive(ROW);
    }

    @Test
    void inSessionModeAQueryAllocatesNothing() {
        RelayLab.Pair pair = quiet(new RelayLab(new PoolSample()).attached());
        assertNothing(allocated(() -> query(pair)));
        assertEquals(2 * TRANSACTIONS, pair.client().writes() - 1, "each answer was written");
    }

    @Test
    void inSessionModeAnExtendedQueryAllocatesNothing() {
        RelayLab.Pair pair = quiet(new RelayLab(new PoolSample()).attached());
        assertNothing(allocated(() -> {
            pair.client().receive(EXTENDED);
            pair.server().receive(EXTENDED_ROW);
        }));
    }

    @Test
    void inTransactionModeTwoClientsThatShareAServerConnectionAllocateNothing() {
        RelayLab lab = new RelayLab(new PoolSample().transaction().workers(1).maxPool(1));
        RelayLab.Pair one = quiet(lab.attached());
        ScriptedConnection other = lab.client();
        other.discard();
        RelayLab.Pair two = new RelayLab.Pair(other, one.server());
        assertNothing(allocated(() -> {
            query(one);
            query(two);
        }));
    }

    @Test
    void inTransactionModeATransactionOfSeveralQueriesAllocatesNothing() {
        RelayLab lab = new RelayLab(new PoolSample().transaction().workers(1).maxPool(1));
        RelayLab.Pair pair = quiet(lab.attached());
        assertNothing(allocated(() -> {
            pair.client().receive(BEGIN);
            pair.server().receive(BEGUN);
            query(pair);
            pair.client().receive(COMMIT);
            pair.server().receive(COMMITTED);
        }));
    }

    /** Messages that name a statement are rewritten. */
    @Test
    void inTransactionModeAPreparedStatementAllocatesNothing() {
        RelayLab lab = new RelayLab(
                new PoolSample().transaction().workers(1).maxPool(1).maxPreparedStatements(10));
        RelayLab.Pair pair = lab.attached();
        pair.client().receive(Wire.join(Wire.message('P', "s1\0SELECT 1\0\0\0"), Wire.message('S', "")));
        pair.server().receive(Wire.join(Wire.message('1', ""), Wire.ready('I')));
        quiet(pair);
        ByteBuffer bind =
                chunk(Wire.message('B', "\0s1\0\0\0\0\0\0\0"), Wire.message('E', "\0\0\0\0\0"), Wire.message('S', ""));
        ByteBuffer bound = chunk(Wire.message('2', ""), Wire.message('D', "x".repeat(10)), Wire.done("SELECT 1", 'I'));
        assertNothing(allocated(() -> {
            pair.client().receive(bind);
            pair.server().receive(bound);
        }));
    }
}
