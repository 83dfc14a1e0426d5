package io.github.pgconmgr.admin;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
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
     * @param follows whom it receives its write-ahead log from
     */
    public record Node(Place place, InstanceStatus status, OptionalLong lagBytes, Follows follows) {}

    /**
     * Whom a standby receives its write-ahead log from. Immutable.
     *
     * @param server host and port as the standby knows it; empty if it receives from nobody, or its watchdog does not say
     * @param instance its instance number, if conmgr.conf names it
     */
    public record Follows(String server, OptionalInt instance) {

        /** From nobody, or nothing is known. */
        public static final Follows NOBODY = new Follows("", OptionalInt.empty());
    }

    private static final List<String> UNITS = List.of("B", "kB", "MB", "GB", "TB");
    private static final int UNIT = 1024;

    /** Copies the list. */
    public TopologyReport {
        nodes = List.copyOf(nodes);
    }

    /** As text for people, aligned, each line ended. Indented: behind whom it follows. */
    public String toText() {
        StringBuilder out = new StringBuilder();
        out.append("remembered: ").append(remembered).append('\n');
        TextTable table = new TextTable(
                "instance", "host", "attribute", "liveness", "tli", "lag", "follows", "rtt ms", "sessions", "reason");
        new TopologyTree(nodes).forEach((depth, node) -> row(table, depth, node));
        table.renderTo(out);
        if (waiting > 0) {
            out.append("applications that wait for an instance: ")
                    .append(waiting)
                    .append('\n');
        }
        return out.toString();
    }

    private static void row(TextTable table, int depth, Node node) {
        InstanceStatus status = node.status;
        InstanceStatus.Seen seen = status.seen();
        boolean known = !seen.equals(InstanceStatus.Seen.NOTHING);
        table.row(
                name(depth, node),
                status.host() + ":" + status.port(),
                seen.attribute(),
                status.liveness(),
                known ? Integer.toUnsignedString(seen.timeline()) : "",
                node.lagBytes.isPresent() ? size(node.lagBytes.getAsLong()) : "",
                node.follows.server,
                seen.roundTripMicros() < 0 ? "" : String.format(Locale.ROOT, "%.2f", seen.roundTripMicros() / 1e3),
                Integer.toString(status.sessions()),
                status.words());
    }

    private static String name(int depth, Node node) {
        int number = node.status.number();
        return switch (node.place) {
            case PRIMARY -> Integer.toString(number);
            case STANDBY -> "   ".repeat(depth - 1) + "+- " + number;
            case ASIDE -> "(" + number + ")";
        };
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
