package io.github.pgconmgr.admin;

/** What {@code cm_ctl start} waits for (C8). */
public enum AwaitScope {
    /** The heartbeat to the primary stands. */
    PRIMARY,
    /** The heartbeat to every instance stands ({@code --complete}). */
    ALL
}
