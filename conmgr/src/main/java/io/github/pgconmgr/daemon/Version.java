package io.github.pgconmgr.daemon;

/** The version of conmgr and cm_ctl; a test compares it with the pom. */
public final class Version {

    /** As in the pom. */
    public static final String NUMBER = "0.1.0";

    private Version() {}
}
