package io.github.pgconmgr.log;

/** This machine or this Java cannot send to syslog at all; the message says why. */
final class SyslogUnavailableException extends Exception {

    private static final long serialVersionUID = 1;

    SyslogUnavailableException(String reason) {
        super(reason);
    }
}
