package io.github.pgconmgr.watchdog.peer;

import io.github.pgconmgr.wire.Id128;
import io.github.pgconmgr.wire.MalformedMessageException;
import io.github.pgconmgr.wire.WireText;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import io.github.pgconmgr.wire.heartbeat.HostIdentity;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What of a conmgr stands in shared memory: the view shows it (S4), and it survives our worker's restart. 232 bytes, see
 * docs/protocol.md. Immutable.
 *
 * @param port the conmgr's own, ephemeral port
 * @param armed its end costs sessions
 * @param connected shown in the view
 * @param contact for the view alone; not read back
 */
public record PeerRow(
        PeerAddress address,
        int port,
        boolean armed,
        boolean connected,
        HeartbeatSettings settings,
        Id128 conmgrId,
        HostIdentity host,
        Contact contact) {

    /** Bytes of a row. */
    public static final int BYTES = 180 + Contact.BYTES;

    private static final int ARMED = 1;
    private static final int CONNECTED = 2;
    private static final int TEXT_BYTES = 64;

    /**
     * Reads {@link #BYTES} bytes to their end; the caller has checked that they are there.
     *
     * @throws MalformedMessageException if it is no row of ours
     */
    public static PeerRow decode(ByteBuffer in) throws MalformedMessageException {
        int family = Byte.toUnsignedInt(in.get());
        int flags = Byte.toUnsignedInt(in.get());
        int port = Short.toUnsignedInt(in.getShort());
        PeerAddress address = PeerAddress.decode(family, in);
        int interval = in.getInt();
        int timeout = in.getInt();
        if (interval < 1 || timeout < 1) {
            throw new MalformedMessageException("peer row with interval " + interval + ", timeout " + timeout);
        }
        Id128 conmgrId = Id128.decode(in);
        HostIdentity host = new HostIdentity(decodeText(in), decodeText(in), in.getLong());
        in.position(in.position() + Contact.BYTES);
        HeartbeatSettings settings = new HeartbeatSettings(interval, timeout);
        boolean armed = (flags & ARMED) != 0;
        boolean connected = (flags & CONNECTED) != 0;
        return new PeerRow(address, port, armed, connected, settings, conmgrId, host, Contact.NONE);
    }

    /** Writes {@link #BYTES} bytes. */
    public void encode(ByteBuffer out) {
        int flags = (armed ? ARMED : 0) | (connected ? CONNECTED : 0);
        out.put((byte) address.family()).put((byte) flags).putShort((short) port);
        address.encode(out);
        out.putInt(settings.intervalMillis()).putInt(settings.timeoutMillis());
        conmgrId.encode(out);
        encodeText(host.machineId(), out);
        encodeText(host.bootId(), out);
        out.putLong(host.networkNamespace());
        contact.encode(out);
    }

    private static void encodeText(String text, ByteBuffer out) {
        // What came in HELLO or in a row was checked there: no control character, no more than 64 bytes.
        out.put(Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), TEXT_BYTES));
    }

    private static String decodeText(ByteBuffer in) throws MalformedMessageException {
        int length = 0;
        while (length < TEXT_BYTES && in.get(in.position() + length) != 0) {
            length++;
        }
        String text = WireText.decode(in.slice(in.position(), length), TEXT_BYTES);
        in.position(in.position() + TEXT_BYTES);
        return text;
    }
}
