package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.protocol.MessageSink;
import java.nio.ByteBuffer;

/** What a client sends while it has a server connection: everything goes on, but its goodbye. Confined to the relay's loop. */
final class ClientFlow implements MessageSink {

    private final Traffic traffic;
    private final Exchange exchange;
    private boolean left;
    private boolean said;

    ClientFlow(Traffic traffic, Exchange exchange) {
        this.traffic = traffic;
        this.exchange = exchange;
    }

    /** Another server connection, or the first. */
    void begin() {
        said = false;
    }

    /** Whether this server connection has got nothing at all from it. */
    boolean saidNothing() {
        return !said;
    }

    /** It has said Terminate. What it may have said behind that is nobody's. */
    boolean hasLeft() {
        return left;
    }

    @Override
    public boolean wantsWhole(int type, int length) {
        return false;
    }

    @Override
    public void onMessage(int type, ByteBuffer buffer, int from, int to) {
        left |= type == 'X';
        if (!left) {
            begin(type);
            traffic.toServer(buffer, from, to);
        }
    }

    private void begin(int type) {
        said = true;
        exchange.onClientMessage(type);
    }

    @Override
    public void onPiece(int type, ByteBuffer buffer, int from, int to, Place place) {
        if (!left) {
            if (place == Place.FIRST) {
                begin(type);
            }
            traffic.toServer(buffer, from, to);
        }
    }
}
