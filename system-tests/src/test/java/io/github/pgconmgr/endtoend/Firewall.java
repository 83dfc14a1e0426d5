package io.github.pgconmgr.endtoend;

import io.github.pgconmgr.testkit.LabHost;

/** The packet filter of a host, for single ports; the lab's cables know only all or nothing. Confined to the test's thread. */
final class Firewall {

    private static final String EMPTY =
            "add table inet test; delete table inet test; add table inet test; add chain inet test in "
                    + "{ type filter hook input priority 0; policy accept; }; add chain inet test out "
                    + "{ type filter hook output priority 0; policy accept; }";

    private final LabHost host;

    Firewall(LabHost host) {
        this.host = host;
    }

    /** From now on what comes to that port is lost: nobody can tell it from a dead host. */
    void drop(int port) {
        add(port, "drop");
    }

    /** From now on whatever comes to that port is answered by a reset, as if nobody listened or knew the connection. */
    void reset(int port) {
        add(port, "reject with tcp reset");
    }

    /** The same for what comes by IPv4 alone. */
    void resetIpv4(int port) {
        addRule("meta nfproto ipv4 tcp dport " + port + " reject with tcp reset");
    }

    /** From now on whatever comes or goes by IPv4 is lost. */
    void dropIpv4() {
        addRule("meta nfproto ipv4 drop; add rule inet test out meta nfproto ipv4 drop");
    }

    private void add(int port, String verdict) {
        addRule("tcp dport " + port + " " + verdict);
    }

    private void addRule(String rule) {
        host.exec("nft", EMPTY + "; add rule inet test in " + rule).expectSuccess();
    }

    /** Lets everything pass. */
    void open() {
        host.exec("nft", EMPTY).expectSuccess();
    }
}
