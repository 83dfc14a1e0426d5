package io.github.pgconmgr.jdbc;

/**
 * One entry of a URL's host list: a conmgr or an instance, which of them is found out by asking. Immutable.
 *
 * @param host name or address as it was written, an IPv6 address in brackets
 * @param port 1 to 65535
 */
record HostPort(String host, int port) {

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
