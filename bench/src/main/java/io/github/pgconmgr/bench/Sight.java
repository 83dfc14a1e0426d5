package io.github.pgconmgr.bench;

/**
 * What one run of pgbench through one contender came to, within its window. Immutable.
 *
 * @param perSecond transactions per second
 * @param p99Micros of their latencies
 * @param cpuMicros CPU time of the contender for a transaction
 */
record Sight(double perSecond, double p99Micros, double cpuMicros) {

    /** What of it a figure is about. */
    enum Quantity {
        CPU("CPU of the proxy for a transaction", "µs"),
        RATE("throughput", "a second"),
        P99("p99 of the latency", "µs");

        private final String title;
        private final String unit;

        Quantity(String title, String unit) {
            this.title = title;
            this.unit = unit;
        }

        String title() {
            return title;
        }

        String unit() {
            return unit;
        }

        double of(Sight sight) {
            return switch (this) {
                case CPU -> sight.cpuMicros;
                case RATE -> sight.perSecond;
                case P99 -> sight.p99Micros;
            };
        }
    }
}
