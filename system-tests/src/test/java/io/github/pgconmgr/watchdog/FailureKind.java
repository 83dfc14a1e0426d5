package io.github.pgconmgr.watchdog;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** How Java can fail; part of the jar that {@code javafailures} puts in the place of the product's. Immutable. */
public enum FailureKind {
    /** An exception. */
    THROW {
        @Override
        void happen() {
            throw new IllegalStateException("failing as told");
        }
    },
    /** A real OutOfMemoryError. */
    OOM {
        @Override
        void happen() {
            List<byte[]> hoard = new ArrayList<>();
            while (hoard.size() < Integer.MAX_VALUE) {
                hoard.add(new byte[1 << 20]);
            }
        }
    },
    /** The same, and the heap stays full: not even a text about it can be made. */
    FULL {
        @Override
        void happen() {
            int length = 1 << 16;
            while (true) {
                try {
                    Object[] more = new Object[length];
                    more[0] = kept;
                    kept = more;
                } catch (OutOfMemoryError full) {
                    if (length == 1) {
                        throw full;
                    }
                    length /= 2;
                }
            }
        }
    },
    /** A real StackOverflowError. */
    STACK {
        @Override
        void happen() {
            if (deeper(0) == 1) {
                throw new AssertionError("no end");
            }
        }
    },
    /** System.exit. */
    EXIT {
        @Override
        void happen() {
            System.exit(7);
        }
    },
    /** Runtime.halt. */
    HALT {
        @Override
        void happen() {
            Runtime.getRuntime().halt(7);
        }
    },
    /** A real SIGSEGV. */
    CRASH {
        @Override
        void happen() throws ReflectiveOperationException {
            Class<?> type = Class.forName("sun.misc.Unsafe");
            Field field = type.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            type.getMethod("putAddress", long.class, long.class).invoke(field.get(null), 8L, 0L);
        }
    },
    /** Never comes back. */
    STUCK {
        @Override
        void happen() {
            while (true) {
                LockSupport.park();
            }
        }
    };

    private static Object[] kept = new Object[1];

    /** Fails on the calling thread. */
    abstract void happen() throws ReflectiveOperationException;

    private static int deeper(int depth) {
        return depth == Integer.MAX_VALUE ? 1 : deeper(depth + 1) | 2;
    }
}
