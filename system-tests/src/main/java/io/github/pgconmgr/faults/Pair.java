package io.github.pgconmgr.faults;

/** Sessions of one application host at one instance; in a scenario either may be a word for several. Immutable. */
record Pair(String applicationHost, String instance) {}
