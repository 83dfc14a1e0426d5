package io.github.pgconmgr.ctl;

/** No conmgr listens on the directory's control socket. */
final class NotRunningException extends Exception {

    private static final long serialVersionUID = 1;
}
