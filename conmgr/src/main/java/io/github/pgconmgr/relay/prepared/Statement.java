package io.github.pgconmgr.relay.prepared;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A query text with its parameter types, known once for all clients and server connections that have it; forgotten when none has it any
 * more. Compared by identity. Confined to the relay's loop.
 */
final class Statement {

    private final PreparedStatements owner;
    private final Bytes definition;
    private final byte[] name;
    private int holders;

    /** @param definition what stands behind the name in Parse: text, number of parameter types, types */
    Statement(PreparedStatements owner, long number, Bytes definition) {
        this.owner = owner;
        this.definition = definition;
        this.name = serverName(number);
    }

    /** Its name on every server connection, with a zero behind it; no client would use such a one. */
    private static byte[] serverName(long number) {
        return ("_conmgr_" + number + "\0").getBytes(StandardCharsets.US_ASCII);
    }

    /** A name that is never given to a statement: closing it does nothing, and is answered. */
    static byte[] nobodysName() {
        return serverName(0);
    }

    Bytes definition() {
        return definition;
    }

    byte[] name() {
        return name;
    }

    /** Parse, by which a server connection learns it. */
    ByteBuffer parse() {
        int length = Integer.BYTES + name.length + definition.length();
        ByteBuffer out = ByteBuffer.allocate(1 + length);
        out.put((byte) 'P').putInt(length).put(name);
        definition.putInto(out);
        return out.flip();
    }

    /** Close, by which a server connection forgets it. */
    ByteBuffer close() {
        return close(name);
    }

    static ByteBuffer close(byte[] name) {
        int length = Integer.BYTES + 1 + name.length;
        return ByteBuffer.allocate(1 + length)
                .put((byte) 'C')
                .putInt(length)
                .put((byte) 'S')
                .put(name)
                .flip();
    }

    /** One more client or server connection has it. */
    void hold() {
        holders++;
    }

    /** One less. */
    void release() {
        holders--;
        if (holders == 0) {
            owner.forget(this);
        }
    }
}
