package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.protocol.DriverSettings;
import io.github.pgconmgr.relay.protocol.MalformedException;
import io.github.pgconmgr.relay.protocol.MessageScanner;
import io.github.pgconmgr.relay.protocol.MessageSink;
import io.github.pgconmgr.relay.protocol.PgpoolCommand;
import java.nio.ByteBuffer;

/** What a client sends while it has a server connection: everything goes on, but its goodbye and the commands to
 * conmgr itself (P7). Confined to the relay's loop. */
final class ClientFlow implements MessageSink {

    private final Traffic traffic;
    private final Exchange exchange;
    private final Statements statements;
    private boolean left;
    private boolean said;
    private boolean saidDriverSetting;

    ClientFlow(Traffic traffic, Exchange exchange, Statements statements) {
        this.traffic = traffic;
        this.exchange = exchange;
        this.statements = statements;
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

    /** Whether its last query was one that drivers begin with. */
    boolean saidDriverSetting() {
        return saidDriverSetting;
    }

    @Override
    public boolean wantsWhole(int type, int length) {
        return type == 'Q' ? length <= PgpoolCommand.MAX_BYTES : statements.wantsWhole(type);
    }

    @Override
    public void onMessage(int type, ByteBuffer buffer, int from, int to) {
        left |= type == 'X';
        if (left) {
            return;
        }
        PgpoolCommand command = type == 'Q' && exchange.isQuiet() ? PgpoolCommand.of(buffer, from, to) : null;
        saidDriverSetting = type == 'Q' && DriverSettings.isOne(buffer, from, to);
        if (command == null) {
            begin(type, to - from > MessageScanner.HEADER_BYTES);
            statements.onMessage(type, buffer, from, to, traffic);
        } else {
            traffic.onPgpoolCommand(command);
        }
    }

    /** Outside of a COPY the server ignores CopyDone, and there is no answer to wait for; but it ends for one that is too long. */
    private void begin(int type, boolean hasBody) {
        if (type == 'c' && hasBody) {
            throw new MalformedException("CopyDone with a body");
        }
        said = true;
        exchange.onClientMessage(type);
    }

    @Override
    public void onPiece(int type, ByteBuffer buffer, int from, int to, Place place) {
        if (!left) {
            if (place == Place.FIRST) {
                saidDriverSetting = false;
                begin(type, true);
            }
            statements.onPiece(type, buffer, from, to, place, traffic);
        }
    }
}
