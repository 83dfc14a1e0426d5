package io.github.pgconmgr.log;

/** The facilities that syslog leaves to programs ({@code syslog_facility}, C5), with their codes of RFC 5424, section 6.2.1. */
public enum SyslogFacility {
    LOCAL0(16),
    LOCAL1(17),
    LOCAL2(18),
    LOCAL3(19),
    LOCAL4(20),
    LOCAL5(21),
    LOCAL6(22),
    LOCAL7(23);

    private final int code;

    SyslogFacility(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
