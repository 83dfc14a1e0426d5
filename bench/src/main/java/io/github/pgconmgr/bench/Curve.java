package io.github.pgconmgr.bench;

import java.util.ArrayList;
import java.util.List;

/** What one quantity came to at several sizes; both above 0. Confined to the main thread. */
final class Curve {

    /** One size and its value. Immutable. */
    record Point(double size, double value) {}

    private final String name;
    private final List<Point> points = new ArrayList<>();

    Curve(String name) {
        this.name = name;
    }

    void add(double size, double value) {
        points.add(new Point(size, value));
    }

    String name() {
        return name;
    }

    List<Point> points() {
        return List.copyOf(points);
    }
}
