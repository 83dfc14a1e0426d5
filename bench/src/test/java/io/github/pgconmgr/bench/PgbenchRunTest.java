package io.github.pgconmgr.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

final class PgbenchRunTest {

    private static final String REPORT = """
            pgbench (15.20)
            transaction type: <builtin: select only>
            number of transactions actually processed: 20000
            number of failed transactions: 0 (0.000%)
            latency average = 1.6 ms
            tps = 10000.000000 (without initial connection time)
            """;

    @Test
    void timeIsTheInverseOfTheRateAndCpuIsDividedByTheTransactions() {
        assertEquals(new PgbenchRun(100, 25), PgbenchRun.read(REPORT, "0.100 0.400\n"));
    }

    @Test
    void aWarningBeforeTheCpuTimeIsPassedOver() {
        assertEquals(
                25, PgbenchRun.read(REPORT, "WARNING:  some 1.0\n0.100 0.400\n").cpuMicros());
    }

    @Test
    void callgrindsCountIsRead() {
        assertEquals(9_123_456, PgbenchRun.instructions("==7== Events    : Ir\n==7== Collected : 9123456\n==7== \n"));
    }

    @Test
    void memchecksBytesAreRead() {
        assertEquals(1_234_567, PgbenchRun.allocated("==7==     in use at exit: 1,234,567 bytes in 89 blocks\n"));
    }

    @Test
    void aReportWithoutARateIsAnError() {
        assertThrows(IllegalArgumentException.class, () -> PgbenchRun.read("pgbench: error", "0.1 0.1"));
    }
}
