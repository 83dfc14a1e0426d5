package io.github.pgconmgr.jdbc;

import io.github.pgconmgr.wire.redirect.RedirectAnswer;
import java.net.InetAddress;
import java.nio.channels.SocketChannel;

/** Who answered at an entry of the host list, and what. Immutable. */
sealed interface StageOneResult {

    /**
     * A conmgr named an instance.
     *
     * @param instance its answer
     * @param address its {@code hostaddr}
     * @param channel the connection to the conmgr, which stays open as long as the SQL connection; the receiver closes it
     */
    record Redirected(RedirectAnswer.Instance instance, InetAddress address, SocketChannel channel)
            implements StageOneResult {

        /** The name for TLS and .pgpass; an instance known by its address alone goes by that. */
        String host() {
            String name = instance.host().isEmpty() ? instance.hostaddr() : instance.host();
            return name.indexOf(':') >= 0 ? "[" + name + "]" : name;
        }

        /** How errors and the log name the instance. */
        String label() {
            return "instance " + instance.instanceNumber() + " (" + host() + ":" + instance.port() + ")";
        }
    }

    /** A conmgr knows no such instance (A1). */
    record Refused(String sqlState, String message) implements StageOneResult {}

    /**
     * No conmgr but an ordinary server: the connection goes on as if nothing had been asked (T1).
     *
     * @param address the one that answered
     */
    record OrdinaryServer(InetAddress address) implements StageOneResult {}
}
