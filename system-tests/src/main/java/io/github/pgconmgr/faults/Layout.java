package io.github.pgconmgr.faults;

import java.util.Locale;

/** What is special about a lab. Immutable. */
public enum Layout {
    /** Nothing. */
    PLAIN,
    /** Both application hosts reach the instances through a router, which gives them one address. */
    NAT,
    /** conmgr knows the instances by names that only a name server knows. */
    NAMES,
    /** conmgr's directories are on a disk of their own, of 8 MB. */
    DISKS,
    /** Every host's time of day can be set: libfaketime stands in front of conmgr and PostgreSQL. */
    CLOCKS,
    /** The heap of each watchdog's JVM can be used up, by an agent in it. */
    HEAPS;

    /** The word in a scenario. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
