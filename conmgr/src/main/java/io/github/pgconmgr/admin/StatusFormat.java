package io.github.pgconmgr.admin;

/** How {@code cm_ctl status} shows what it shows (C10). */
public enum StatusFormat {
    /** Aligned columns, for people; may change with any version. */
    TEXT,
    /** For programs: members may be added, never renamed or removed. */
    JSON
}
