package io.github.pgconmgr.faults.load;

import java.io.File;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * An agent in somebody's JVM that uses up the heap when told: whoever allocates next gets an OutOfMemoryError.
 *
 * <pre>
 * -javaagent:JAR=FILE
 * </pre>
 *
 * <p>FILE: written anew, it is the order; what was there before the JVM's start is none.
 *
 * <p>A daemon thread of its own.
 */
public final class HeapHoard {

    private static final long LOOK_NANOS = Duration.ofMillis(20).toNanos();
    private static final int LARGEST = 1 << 16;

    /** Of the thread; here so that nobody takes it for garbage. */
    private static Object[] hoarded = new Object[1];

    private HeapHoard() {}

    /** See the class. */
    public static void premain(String file) {
        File order = new File(file);
        long before = order.lastModified();
        Thread thread = new Thread(() -> hoard(order, before), "hoard");
        thread.setDaemon(true);
        thread.start();
    }

    private static void hoard(File order, long before) {
        while (order.lastModified() == before) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        int length = LARGEST;
        while (true) {
            try {
                Object[] more = new Object[length];
                more[0] = hoarded;
                hoarded = more;
            } catch (OutOfMemoryError full) {
                // Ever smaller pieces; then what others give back.
                length = Math.max(1, length / 2);
            }
        }
    }
}
