package io.github.pgconmgr.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;

/** One quantity, measured once a round each way. Confined to the main thread. */
final class ThreeWays {

    private final Map<Way, List<Double>> values = new EnumMap<>(Way.class);

    void add(Way way, double value) {
        list(way).add(value);
    }

    Samples of(Way way) {
        return Samples.of(list(way));
    }

    /** Ours ÷ direct, round by round. */
    Samples ratio() {
        return compared(Way.OURS, (ours, direct) -> ours / direct);
    }

    /** Direct ÷ direct, round by round. */
    Samples noise() {
        return compared(Way.AGAIN, (again, direct) -> again / direct);
    }

    /** That way compared with direct, round by round. */
    Samples compared(Way way, DoubleBinaryOperator how) {
        List<Double> some = list(way);
        List<Double> direct = list(Way.DIRECT);
        return Samples.of(IntStream.range(0, direct.size())
                .mapToObj(round -> how.applyAsDouble(some.get(round), direct.get(round)))
                .toList());
    }

    private List<Double> list(Way way) {
        return values.computeIfAbsent(way, none -> new ArrayList<>());
    }
}
