package io.github.pgconmgr.admin;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * The picture that {@code cm_ctl topology} shows: the primary, the standbys behind it, and those that get nobody. Immutable.
 *
 * @param remembered what the fencing remembers, in words (ADR 8)
 * @param waiting applications whose question no instance fits yet
 */
public record TopologyReport(List<Node> nodes, String remembered, int waiting) {

    /** Where an instance stands in the picture. */
    public enum Place {
        /** The one that gets writers, or got them as long as it was up. */
        PRIMARY,
        STANDBY,
        /** Fenced, or not heard yet. */
        ASIDE
    }

    /**
     * One instance. Immutable.
     *
     * @param status as {@code cm_ctl status} shows it
     * @param lagBytes how far it is behind the primary; empty if there is no saying
     */
    public record Node(Place place, InstanceStatus status, OptionalLong lagBytes) {}

    private static final List<String> UNITS = List.of("B", "kB", "MB", "GB", "TB");
    private static final int UNIT = 1024;

    /** Copies the list. */
    public TopologyReport {
        nodes = List.copyOf(nodes);
    }

    /** As text for people, aligned, each line ended. Indented: behind the primary. */
    public String toText() {
        StringBuilder out = new StringBuilder();
        out.append("remembered: ").append(remembered).append('\n');
        TextTable table = new TextTable(
                "instance", "host", "attribute", "liveness", "tli", "lag", "rtt ms", "sessions", "reason");
        nodes.stream()
                .sorted(Comparator.comparing(Node::place).thenComparing(node -> node.status.number()))
                .forEach(node -> row(table, node));
        table.renderTo(out);
        if (waiting > 0) {
            out.append("applications that wait for an instance: ")
                    .append(waiting)
                    .append('\n');
        }
        return out.toString();
    }

    private static void row(TextTable table, Node node) {
        InstanceStatus status = node.status;
        InstanceStatus.Seen seen = status.seen();
        boolean known = !seen.equals(InstanceStatus.Seen.NOTHING);
        String branch = switch (node.place) {
            case PRIMARY -> "";
            case STANDBY -> "+- ";
            case ASIDE -> "(";
        };
        table.row(
                branch + status.number() + (node.place == Place.ASIDE ? ")" : ""),
                status.host() + ":" + status.port(),
                seen.attribute(),
                status.liveness(),
                known ? Integer.toUnsignedString(seen.timeline()) : "",
                node.lagBytes.isPresent() ? size(node.lagBytes.getAsLong()) : "",
                seen.roundTripMicros() < 0 ? "" : String.format(Locale.ROOT, "%.2f", seen.roundTripMicros() / 1e3),
                Integer.toString(status.sessions()),
                status.words());
    }

    /** "0 B", "1.5 MB". */
    static String size(long bytes) {
        double number = bytes;
        int unit = 0;
        while (number >= UNIT && unit < UNITS.size() - 1) {
            number /= UNIT;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", number, UNITS.get(unit));
    }
}
