package io.github.pgconmgr.log;

/** How a line is written to the syslog socket ({@code syslog_format}). */
public enum SyslogFormat {
    /** As the C library's syslog() writes: what every daemon on a local socket reads. */
    RFC3164,
    /** With zone and milliseconds; a daemon has to be told that this is what comes in. */
    RFC5424
}
