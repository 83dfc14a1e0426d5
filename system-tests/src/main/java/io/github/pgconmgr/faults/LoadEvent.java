package io.github.pgconmgr.faults;

import java.util.Optional;

/**
 * One line of the load ({@code JdbcLoad}, {@code load.c}): {@code END WHAT WORKER BEGIN DETAILS}, times in nanoseconds of the
 * monotonic clock, which all processes of a machine share. Immutable.
 *
 * @param endNanos when it had happened
 * @param beginNanos when the application asked for it
 */
record LoadEvent(long endNanos, What what, String worker, long beginNanos, String details) {

    /** What has happened. */
    enum What {
        /** {@code C server-address backend-pid}: connected. */
        CONNECTED,
        /** {@code A number}: a transfer's commit was acknowledged. */
        ACKNOWLEDGED,
        /** {@code R sum}: a reader has the sum of all accounts. */
        READ,
        /** {@code E sqlstate phase number text}: the phase is connect, work or commit. */
        ERROR
    }

    /** The event; nothing if the line is none, such as a driver's own warning. */
    static Optional<LoadEvent> parse(String line) {
        String[] words = line.split(" ", 5);
        if (words.length < 5 || !words[0].matches("\\d{1,18}") || !words[3].matches("\\d{1,18}")) {
            return Optional.empty();
        }
        // A hundred names, kept with each of a million transfers.
        String worker = words[2].intern();
        return what(words[1])
                .map(what -> new LoadEvent(Long.parseLong(words[0]), what, worker, Long.parseLong(words[3]), words[4]));
    }

    private static Optional<What> what(String letter) {
        return switch (letter) {
            case "C" -> Optional.of(What.CONNECTED);
            case "A" -> Optional.of(What.ACKNOWLEDGED);
            case "R" -> Optional.of(What.READ);
            case "E" -> Optional.of(What.ERROR);
            default -> Optional.empty();
        };
    }

    /** The n-th word of the details, from 0; empty if there is none. */
    String detail(int n) {
        String[] words = details.split(" ", n + 2);
        return n < words.length ? words[n] : "";
    }
}
