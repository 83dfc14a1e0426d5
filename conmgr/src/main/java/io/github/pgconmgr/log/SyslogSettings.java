package io.github.pgconmgr.log;

/**
 * How lines go to syslog, where {@code log_destination} says so (C5). Immutable.
 *
 * @param ident the program's name in each line; printable ASCII without blanks
 * @param socket path of the daemon's datagram socket
 */
public record SyslogSettings(SyslogFacility facility, String ident, SyslogFormat format, String socket) {

    /** The documented defaults. */
    static SyslogSettings initial() {
        return new SyslogSettings(SyslogFacility.LOCAL0, "conmgr", SyslogFormat.RFC3164, "/dev/log");
    }
}
