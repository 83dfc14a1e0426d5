package io.github.pgconmgr.relay.netty;

import io.github.pgconmgr.frontend.Admission;
import io.github.pgconmgr.frontend.SocketErrors;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * One port of the relay's own: lets clients in, one per turn of the loop, so that those who are there already are not kept waiting. Confined
 * to the relay's loop.
 */
final class Door {

    /** Without a pause, a connection that cannot be accepted would wake the loop again and again. */
    static final long FAILURE_PAUSE_MILLIS = 500;

    private final RelayNetwork network;
    private final Admission admission;
    private final RelayLoop.Acceptor acceptor;
    private final Transport.Listener listener;
    private boolean paused;
    private boolean closed;

    /** Open. */
    Door(RelayNetwork network, Transport.Listener listener, Admission admission, RelayLoop.Acceptor acceptor) {
        this.network = network;
        this.admission = admission;
        this.acceptor = acceptor;
        this.listener = listener;
        listener.tell(this::onWaiting);
        listener.want(true);
    }

    InetSocketAddress address() {
        return listener.address();
    }

    private void onWaiting() {
        if (paused || closed) {
            return;
        }
        Stream stream;
        try {
            stream = listener.accept();
        } catch (IOException | RuntimeException e) {
            onFailure(e);
            return;
        }
        if (stream == null) {
            return;
        }
        if (admission.enter(stream.peer())) {
            network.begin(stream, acceptor, admission::leave);
        } else {
            stream.close();
        }
    }

    /** For want of descriptors most likely (C7): clients wait in the backlog for a while. */
    private void onFailure(Exception cause) {
        admission.onFailure(address(), SocketErrors.reason(cause));
        listener.want(false);
        network.afterMillis(FAILURE_PAUSE_MILLIS, this::want);
    }

    /** Lets clients wait in the kernel's queue (P4), or in again. */
    void pause(boolean on) {
        paused = on;
        want();
    }

    private void want() {
        if (!closed) {
            listener.want(!paused);
        }
    }

    void close() {
        if (!closed) {
            closed = true;
            listener.close();
        }
    }
}
