package io.github.pgconmgr.frontend;

import java.net.InetSocketAddress;

/** Who may connect, whichever port it comes by: one place counts {@code max_connections} and descriptors (C6, C7). Any thread. */
public interface Admission {

    /** Counts a connection in; false if it is to be closed without a word. */
    boolean enter(InetSocketAddress peer);

    /** One that was let in has ended. */
    void leave();

    /** One could not even be accepted. */
    void onFailure(InetSocketAddress listener, String reason);
}
