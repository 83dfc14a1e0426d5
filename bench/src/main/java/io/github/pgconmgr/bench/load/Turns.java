package io.github.pgconmgr.bench.load;

import io.github.pgconmgr.bench.Samples;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Does three kinds of work in turns, each kind as often first as last: ours, direct, and direct again, whose difference to
 * direct is the noise.
 *
 * <p>Confined to the caller's thread.
 */
final class Turns {

    static final int OURS = 0;
    static final int DIRECT = 1;
    static final int AGAIN = 2;
    static final int KINDS = 3;

    /** Some work; kinds are numbered as above. */
    @FunctionalInterface
    interface Work {
        void doIt(int kind) throws SQLException;
    }

    private Turns() {}

    /** All three, beginning with another one each time. */
    static void once(int turn, Work work) throws SQLException {
        for (int i = 0; i < KINDS; i++) {
            work.doIt((turn + i) % KINDS);
        }
    }

    /** A list for each kind. */
    static List<List<Double>> lists() {
        return List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    /** The median of each kind. */
    static double[] medians(List<List<Double>> kinds) {
        return kinds.stream().mapToDouble(kind -> Samples.of(kind).median()).toArray();
    }

    /** A line of figures. */
    static void say(String word, double... numbers) {
        StringBuilder line = new StringBuilder(word);
        for (double number : numbers) {
            line.append(String.format(Locale.ROOT, " %.3f", number));
        }
        System.out.println(line);
    }
}
