package io.github.pgconmgr.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ThreeWaysTest {

    @Test
    void waysAreComparedRoundByRound() {
        ThreeWays some = new ThreeWays();
        round(some, 2, 1, 1);
        round(some, 20, 10, 11);
        round(some, 90, 30, 30);
        assertEquals("2.0 [2.0 .. 3.0]", some.ratio().text(1));
        assertEquals("1.0 [1.0 .. 1.1]", some.noise().text(1));
        assertEquals(
                60, some.compared(Way.OURS, (ours, direct) -> ours - direct).max());
    }

    @Test
    void eachRoundBeginsWithAnotherWay() {
        List<Way> order = new ArrayList<>();
        Way.inTurn(0, order::add);
        Way.inTurn(1, order::add);
        Way.inTurn(2, order::add);
        assertEquals(
                List.of(
                        Way.OURS,
                        Way.DIRECT,
                        Way.AGAIN,
                        Way.DIRECT,
                        Way.AGAIN,
                        Way.OURS,
                        Way.AGAIN,
                        Way.OURS,
                        Way.DIRECT),
                order);
    }

    private static void round(ThreeWays some, double ours, double direct, double again) {
        some.add(Way.OURS, ours);
        some.add(Way.DIRECT, direct);
        some.add(Way.AGAIN, again);
    }
}
