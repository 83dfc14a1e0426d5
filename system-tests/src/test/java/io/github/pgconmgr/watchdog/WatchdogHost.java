package io.github.pgconmgr.watchdog;

import io.github.pgconmgr.time.NanoClock;
import io.github.pgconmgr.watchdog.tick.FirstTick;
import io.github.pgconmgr.watchdog.tick.TickInput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The product's entry, with the product's classes behind it, that fails when told: {@code javafailures} puts it into a jar in
 * the place of the product's class. An order is a file with the words {@code tick KIND} or {@code io KIND}; its path is the
 * resource {@value #ORDER_RESOURCE} of the jar.
 *
 * <p>Shared: as the product's; an order for the I/O thread is handed over by the reference.
 */
public final class WatchdogHost {

    /** Where the jar names the file with the order. */
    public static final String ORDER_RESOURCE = "order-file";

    private static final AtomicReference<FailureKind> IO_ORDER = new AtomicReference<>();

    private static Watchdog watchdog;
    private static Path orderFile;

    private WatchdogHost() {}

    /** As the product's. */
    public static synchronized byte[] tick(byte[] in) throws Exception {
        TickInput tick = TickInput.decode(in);
        FirstTick first = tick.firstTick();
        if (first != null) {
            orderFile = findOrderFile();
            watchdog = new Watchdog(first, tick, ServerLimits.PRODUCT, clock());
        }
        obey();
        return watchdog.tick(tick);
    }

    private static Path findOrderFile() throws IOException {
        try (InputStream name = WatchdogHost.class.getResourceAsStream("/" + ORDER_RESOURCE)) {
            return Path.of(new String(name.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static void obey() throws IOException, ReflectiveOperationException {
        if (!Files.exists(orderFile)) {
            return;
        }
        String[] order = Files.readString(orderFile).split(" ", 2);
        Files.delete(orderFile);
        FailureKind kind = FailureKind.valueOf(order[1].toUpperCase(Locale.ROOT));
        if (order[0].equals("tick")) {
            kind.happen();
        } else {
            IO_ORDER.set(kind);
        }
    }

    /** The I/O thread reads the clock in each of its turns: that is where it fails. */
    private static NanoClock clock() {
        return () -> {
            if (Thread.currentThread().getName().equals("watchdog-io")) {
                failOnIoThread(IO_ORDER.getAndSet(null));
            }
            return NanoClock.SYSTEM.nanoTime();
        };
    }

    private static void failOnIoThread(FailureKind kind) {
        if (kind != null) {
            try {
                kind.happen();
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
