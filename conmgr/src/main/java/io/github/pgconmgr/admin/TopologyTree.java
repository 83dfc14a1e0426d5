package io.github.pgconmgr.admin;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The order of the picture: each primary, behind it those who follow it, behind each of them its own followers; a standby of whom
 * it is not known whom it follows stands behind the primary; then those that get nobody. Confined to one picture.
 */
final class TopologyTree {

    private final List<TopologyReport.Node> nodes;
    private final Set<TopologyReport.Node> shown = new LinkedHashSet<>();

    TopologyTree(List<TopologyReport.Node> nodes) {
        this.nodes = nodes.stream()
                .sorted(Comparator.comparingInt(node -> node.status().number()))
                .toList();
    }

    /** Each node once, with its depth: 0 for primaries and those aside, 1 for who follows them. */
    void forEach(Shown consumer) {
        at(TopologyReport.Place.PRIMARY).forEach(primary -> show(0, primary, consumer));
        at(TopologyReport.Place.STANDBY).stream()
                .filter(standby -> !followsAStandby(standby))
                .forEach(standby -> show(1, standby, consumer));
        // Those that are left follow each other in a circle, as nobody has told of a change yet.
        at(TopologyReport.Place.STANDBY).forEach(standby -> show(1, standby, consumer));
        at(TopologyReport.Place.ASIDE).forEach(aside -> show(0, aside, consumer));
    }

    /** Takes a node. */
    @FunctionalInterface
    interface Shown {
        void accept(int depth, TopologyReport.Node node);
    }

    private List<TopologyReport.Node> at(TopologyReport.Place place) {
        return nodes.stream().filter(node -> node.place() == place).toList();
    }

    private boolean followsAStandby(TopologyReport.Node node) {
        return at(TopologyReport.Place.STANDBY).stream().anyMatch(standby -> follows(node, standby));
    }

    private static boolean follows(TopologyReport.Node node, TopologyReport.Node upstream) {
        return !node.equals(upstream)
                && node.follows().instance().isPresent()
                && node.follows().instance().getAsInt() == upstream.status().number();
    }

    private void show(int depth, TopologyReport.Node node, Shown consumer) {
        if (!shown.add(node)) {
            return;
        }
        consumer.accept(depth, node);
        at(TopologyReport.Place.STANDBY).stream()
                .filter(standby -> follows(standby, node))
                .forEach(standby -> show(depth + 1, standby, consumer));
    }
}
