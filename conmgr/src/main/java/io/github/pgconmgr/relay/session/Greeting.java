package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.auth.CancelKey;
import io.github.pgconmgr.relay.auth.CancelKeys;
import io.github.pgconmgr.relay.protocol.CancelRequest;
import io.github.pgconmgr.relay.protocol.ProtocolOffer;
import java.nio.ByteBuffer;

/** What a client is told when it may begin: the end of its login, the server's parameters, a cancel key, ReadyForQuery. Stateless. */
final class Greeting {

    private static final byte[] READY = {'Z', 0, 0, 0, 5, 'I'};
    private static final int KEY_HEADER_BYTES = 9;
    private static final int LONG_KEYS_MINOR = 2;

    private Greeting() {}

    /** Writes all of it at once. */
    static void write(ClientSession client, Login login, ServerSession server, ByteBuffer scratch) {
        byte[] parameters = server.parameters().messages();
        ByteBuffer key = keyMessage(client, login, server);
        int bytes = login.greeting().remaining() + parameters.length + key.remaining() + READY.length;
        ByteBuffer out = bytes <= scratch.capacity() ? scratch.clear() : ByteBuffer.allocate(bytes);
        out.put(login.greeting().duplicate()).put(parameters).put(key).put(READY);
        client.connection().write(out.flip());
    }

    /** BackendKeyData with a key of conmgr's. */
    static ByteBuffer keyMessage(ClientSession client, Login login, ServerSession server) {
        return keyMessage(
                client.cancelKey(hasLongKey(login, server) ? CancelKeys.LONG_SECRET_BYTES : CancelKeys.SECRET_BYTES));
    }

    /** BackendKeyData. */
    static ByteBuffer keyMessage(CancelKey key) {
        int secretBytes = key.secret().length();
        ByteBuffer out = ByteBuffer.allocate(KEY_HEADER_BYTES + secretBytes);
        out.put((byte) 'K').putInt(2 * Integer.BYTES + secretBytes).putInt(key.processId());
        key.secret().putInto(out);
        return out.flip();
    }

    /** Protocol 3.2: as conmgr agreed with the client, or as the server did, end to end. */
    private static boolean hasLongKey(Login login, ServerSession server) {
        CancelRequest theirs = server.cancelKey();
        return login.isEndToEnd()
                ? theirs != null && theirs.key().remaining() > CancelKeys.SECRET_BYTES
                : ProtocolOffer.minorFor(login.startup()) >= LONG_KEYS_MINOR;
    }
}
