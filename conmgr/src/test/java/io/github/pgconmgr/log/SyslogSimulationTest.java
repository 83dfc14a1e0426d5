package io.github.pgconmgr.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.StateCoverage;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A syslog daemon that comes and goes by chance: every line arrives, in order, and none is left out. */
class SyslogSimulationTest {

    private static final int SEEDS = 200;
    private static final int STEPS = 500;

    @Test
    void everyLineArrivesInOrderAndEveryTransitionOccurs() {
        StateCoverage coverage = new StateCoverage(SyslogPhase.TABLE);
        for (long seed = 1; seed <= SEEDS; seed++) {
            new Run(seed).live();
        }
        coverage.write("6-syslog");
        assertEquals(List.of(), coverage.unreached(), "transitions that never occurred");
    }

    /** One seed. Confined to the test's thread. */
    private static final class Run implements SyslogLink.Commands {
        private final long seed;
        private final Random random;
        private final Backlog backlog = new Backlog(() -> Lines.TIME);
        private final SyslogLink link;
        private final List<Integer> arrived = new ArrayList<>();
        private String sending = "";
        private int lines;

        Run(long seed) {
            this.seed = seed;
            random = new Random(seed);
            link = new SyslogLink(
                    backlog,
                    new SyslogFormatter(SyslogSettings.initial(), "host", 42, ZoneId.of("UTC")),
                    this,
                    (message, component, arguments) -> {});
        }

        void live() {
            int steps = random.nextInt(STEPS);
            for (int step = 0; step < steps; step++) {
                step();
            }
            for (int number = 1; number < arrived.size(); number++) {
                int before = arrived.get(number - 1);
                int now = arrived.get(number);
                assertTrue(now == before || now == before + 1, () -> "seed " + seed + ": " + arrived);
            }
            link.onClose();
            assertEquals(SyslogPhase.CLOSED, link.phase());
        }

        private void step() {
            switch (random.nextInt(8)) {
                case 0, 1 -> {
                    backlog.add(Lines.warning("line " + ++lines + "."));
                    link.onLine();
                }
                case 2, 3 -> {
                    if (link.phase() == SyslogPhase.SENDING) {
                        String text = sending.substring(sending.lastIndexOf(' ') + 1);
                        arrived.add(Integer.parseInt(text.substring(0, text.indexOf('.'))));
                        link.onSent();
                    }
                }
                case 4, 5 -> link.onConnected();
                case 6 -> link.onAttempt();
                default -> link.onFailed("Connection refused");
            }
        }

        @Override
        public void connect() {
            // It is said by chance how this ends.
        }

        @Override
        public void send(byte[] datagram) {
            sending = new String(datagram, StandardCharsets.UTF_8);
        }

        @Override
        public void disconnect() {
            sending = "";
        }

        @Override
        public void retryLater() {
            // By chance, too.
        }
    }
}
