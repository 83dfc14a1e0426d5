package io.github.pgconmgr.admin;

/** What {@code cm_ctl status -i} asks for (C10). */
public enum StatusScope {
    ALL,
    INSTANCE,
    APPLICATION,
    POOL
}
