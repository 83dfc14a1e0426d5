package io.github.pgconmgr.config;

/** One {@code name = value} of a file, quotes taken off and nothing judged. Immutable. */
record Assignment(String name, String value) {}
