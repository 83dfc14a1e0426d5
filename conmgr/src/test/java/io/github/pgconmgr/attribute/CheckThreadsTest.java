package io.github.pgconmgr.attribute;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The threads of the checks. */
class CheckThreadsTest {

    /** A check that was turned away was never made: after heartbeat_timeout a healthy instance was taken for DOWN. */
    @Test
    void aStepThatComesBeforeTheThreadOfTheLastOneIsFreeIsNotTurnedAway() throws InterruptedException {
        ThreadPoolExecutor pool = AttributeChecks.pool();
        CountDownLatch second = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        try {
            pool.execute(() -> {
                pool.execute(second::countDown);
                try {
                    // This thread is not free before the next step has been made.
                    if (second.await(20, TimeUnit.SECONDS)) {
                        done.countDown();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            assertTrue(done.await(20, TimeUnit.SECONDS));
        } finally {
            pool.shutdownNow();
        }
    }
}
