package io.github.pgconmgr.wire.heartbeat;

import io.github.pgconmgr.wire.MalformedMessageException;
import io.github.pgconmgr.wire.WireText;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * The items (tag, length, value) at the end of HELLO and WELCOME: how the protocol grows within a version. A reader skips
 * tags that it does not know.
 *
 * <p>Confined to one decode.
 */
final class Items {

    static final int MACHINE_ID = 1;
    static final int BOOT_ID = 2;
    static final int NETWORK_NAMESPACE = 3;
    static final int SOFTWARE_VERSION = 4;
    static final int WANTS_PROOF = 5;
    static final int HIGHEST_FRAME = 6;

    private final Map<Integer, ByteBuffer> values = new HashMap<>();

    private Items() {}

    static Items decode(ByteBuffer in) throws MalformedMessageException {
        Items items = new Items();
        while (in.hasRemaining()) {
            if (in.remaining() < 4) {
                throw new MalformedMessageException("item header of " + in.remaining() + " bytes");
            }
            int tag = Short.toUnsignedInt(in.getShort());
            int length = Short.toUnsignedInt(in.getShort());
            if (length > in.remaining()) {
                throw new MalformedMessageException("item of " + length + " bytes, " + in.remaining() + " are left");
            }
            if (items.values.size() == HeartbeatProtocol.MAX_ITEMS) {
                throw new MalformedMessageException("more than " + HeartbeatProtocol.MAX_ITEMS + " items");
            }
            if (items.values.put(tag, in.slice(in.position(), length)) != null) {
                throw new MalformedMessageException("item " + tag + " stands twice");
            }
            in.position(in.position() + length);
        }
        return items;
    }

    /** A string item; empty if it is not there. */
    String text(int tag) throws MalformedMessageException {
        ByteBuffer value = values.get(tag);
        return value == null ? "" : WireText.decode(value, HeartbeatProtocol.MAX_ITEM_TEXT_BYTES);
    }

    /** A number item; 0 if it is not there. */
    long number(int tag) throws MalformedMessageException {
        ByteBuffer value = values.get(tag);
        if (value == null) {
            return 0;
        }
        if (value.remaining() != Long.BYTES) {
            throw new MalformedMessageException("number item " + tag + " of " + value.remaining() + " bytes");
        }
        return value.getLong();
    }

    /** The highest frame type that the sender takes. */
    int highestFrame() throws MalformedMessageException {
        long said = Math.min(number(HIGHEST_FRAME), Integer.MAX_VALUE);
        return (int) Math.max(HeartbeatProtocol.HIGHEST_FRAME_UNSAID, said);
    }

    /** Left out where its absence says the same. */
    static void putHighestFrame(ByteBuffer out, int highestFrame) {
        if (highestFrame > HeartbeatProtocol.HIGHEST_FRAME_UNSAID) {
            putNumber(out, HIGHEST_FRAME, highestFrame);
        }
    }

    static void putText(ByteBuffer out, int tag, String text) {
        byte[] bytes = WireText.encode(text, HeartbeatProtocol.MAX_ITEM_TEXT_BYTES);
        out.putShort((short) tag).putShort((short) bytes.length).put(bytes);
    }

    static void putNumber(ByteBuffer out, int tag, long number) {
        out.putShort((short) tag).putShort((short) Long.BYTES).putLong(number);
    }
}
