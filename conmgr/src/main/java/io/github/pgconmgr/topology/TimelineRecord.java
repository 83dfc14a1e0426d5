package io.github.pgconmgr.topology;

/**
 * What a conmgr directory remembers of its instance set (ADR 8). Immutable.
 *
 * @param systemIdentifier the first one that was seen; unsigned 64 bits
 * @param timeline the highest one that was seen of it; unsigned 32 bits
 * @param primary host and port of the instance that was known first as the primary of that timeline; empty if none is known
 */
public record TimelineRecord(long systemIdentifier, int timeline, String primary) {

    TimelineRecord withPrimary(String newPrimary) {
        return new TimelineRecord(systemIdentifier, timeline, newPrimary);
    }

    /** For people: "system identifier 7, timeline 2, primary db1:5432". */
    public String text() {
        return "system identifier " + Long.toUnsignedString(systemIdentifier) + ", timeline "
                + Integer.toUnsignedString(timeline) + ", primary " + (primary.isEmpty() ? "unknown" : primary);
    }
}
