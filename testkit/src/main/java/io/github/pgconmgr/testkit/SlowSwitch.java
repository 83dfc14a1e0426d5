package io.github.pgconmgr.testkit;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The switch in user space ({@code switch.c}), running in a lab's switch namespace, with which it ends.
 *
 * <p>Confined to the test's thread.
 */
final class SlowSwitch implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Process process;
    private final BufferedWriter orders;
    private final ServerLog log;
    private int ordered;

    SlowSwitch(Namespaces bridge, Path log, int watchedPort, List<String> ports) {
        List<String> argv =
                new ArrayList<>(List.of(BuildFolder.build("tools/switch").toString(), Integer.toString(watchedPort)));
        argv.addAll(ports);
        this.log = new ServerLog(log);
        try {
            process = Command.builder(bridge.commandLine(argv))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the switch", e);
        }
        orders = new BufferedWriter(process.outputWriter(StandardCharsets.UTF_8));
        awaitLines("ready", 1);
    }

    private void awaitLines(String word, int count) {
        Await.until("the switch says " + word, LIMIT, () -> {
            if (!process.isAlive()) {
                throw new IllegalStateException(String.join("\n", log.lines()));
            }
            return log.linesWith(word).size() >= count;
        });
    }

    /** The port's rule from now on, both ways. */
    void order(String port, int delayMillis, int jitterMillis, double lossPercent) {
        String rule = String.format(
                Locale.ROOT, "%d %d %d", delayMillis * 1000, jitterMillis * 1000, Math.round(lossPercent * 10_000));
        try {
            for (String side : List.of("from", "to")) {
                orders.write(port + " " + side + " " + rule + "\n");
                ordered++;
            }
            orders.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the switch has ended: " + log.lines(), e);
        }
        awaitLines("done ", ordered);
    }

    /** The gaps that it has seen; complete when it is closed. */
    List<SilentGap> gaps() {
        return log.lines().stream()
                .filter(line -> line.startsWith("gap "))
                .map(SilentGap::parse)
                .toList();
    }

    @Override
    public void close() {
        try {
            // It ends with its input; killing nsenter, which stands before it, would leave it behind.
            orders.close();
        } catch (IOException gone) {
            // It has ended already.
        }
        if (!Command.awaitEnd(process, LIMIT)) {
            throw new AssertionError("the switch does not end");
        }
    }
}
