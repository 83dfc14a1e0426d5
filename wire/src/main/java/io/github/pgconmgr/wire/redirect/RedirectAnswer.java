package io.github.pgconmgr.wire.redirect;

import io.github.pgconmgr.wire.Lsn;
import io.github.pgconmgr.wire.MalformedMessageException;
import io.github.pgconmgr.wire.WireText;
import java.nio.ByteBuffer;

/** What conmgr says to a driver: one instance or one refusal, later perhaps one down notice. Immutable. */
public sealed interface RedirectAnswer {

    /** Bytes of type and length, which the reader needs before it can ask for the rest. */
    int HEADER_BYTES = 5;

    /** The type byte. */
    byte type();

    /** Writes what follows the length. */
    void encodeBody(ByteBuffer out);

    /**
     * "Go there."
     *
     * @param instanceNumber as in conmgr.conf
     * @param port the instance's port
     * @param host the name as in {@code backend_host}: for TLS and .pgpass
     * @param hostaddr the numeric address that the heartbeat uses: where to connect
     * @param attribute what the instance is now: primary or standby
     * @param minLsn the wish that was heeded (ADR 11); 0 if none was
     */
    record Instance(int instanceNumber, int port, String host, String hostaddr, String attribute, long minLsn)
            implements RedirectAnswer {

        /** To a driver without a wish, or from a conmgr that heeds none. */
        public Instance(int instanceNumber, int port, String host, String hostaddr, String attribute) {
            this(instanceNumber, port, host, hostaddr, attribute, 0);
        }

        @Override
        public byte type() {
            return 'c';
        }

        @Override
        public void encodeBody(ByteBuffer out) {
            out.putShort((short) RedirectProtocol.VERSION)
                    .putShort((short) instanceNumber)
                    .putShort((short) port);
            WireText.encodeWithNul(host, RedirectProtocol.MAX_TEXT_BYTES, out);
            WireText.encodeWithNul(hostaddr, RedirectProtocol.MAX_TEXT_BYTES, out);
            WireText.encodeWithNul(attribute, RedirectProtocol.MAX_TEXT_BYTES, out);
            if (minLsn != 0) {
                RedirectRequest.putPair(out, RedirectProtocol.MIN_LSN_KEY, Lsn.text(minLsn));
                out.put((byte) 0);
            }
        }

        private static Instance decode(ByteBuffer in) throws MalformedMessageException {
            require(in, 6);
            int version = Short.toUnsignedInt(in.getShort());
            if (version != RedirectProtocol.VERSION) {
                throw new MalformedMessageException("answer of version " + version);
            }
            int number = Short.toUnsignedInt(in.getShort());
            int port = Short.toUnsignedInt(in.getShort());
            String host = WireText.decodeUntilNul(in, RedirectProtocol.MAX_TEXT_BYTES);
            String hostaddr = WireText.decodeUntilNul(in, RedirectProtocol.MAX_TEXT_BYTES);
            String attribute = WireText.decodeUntilNul(in, RedirectProtocol.MAX_TEXT_BYTES);
            if (port == 0 || hostaddr.isEmpty()) {
                throw new MalformedMessageException("answer without port or hostaddr");
            }
            return new Instance(number, port, host, hostaddr, attribute, in.hasRemaining() ? heededLsn(in) : 0);
        }

        private static long heededLsn(ByteBuffer in) throws MalformedMessageException {
            String heeded = RedirectRequest.decodePairs(in).get(RedirectProtocol.MIN_LSN_KEY);
            return heeded == null ? 0 : LsnWish.parse(heeded);
        }
    }

    /** "No instance for you"; the driver goes on to its next host (A1). */
    record Refusal(String sqlState, String message) implements RedirectAnswer {
        @Override
        public byte type() {
            return 'e';
        }

        @Override
        public void encodeBody(ByteBuffer out) {
            WireText.encodeWithNul(sqlState, 5, out);
            WireText.encodeWithNul(message, RedirectProtocol.MAX_MESSAGE_BYTES, out);
        }

        private static Refusal decode(ByteBuffer in) throws MalformedMessageException {
            String sqlState = WireText.decodeUntilNul(in, 5);
            return new Refusal(sqlState, WireText.decodeUntilNul(in, RedirectProtocol.MAX_MESSAGE_BYTES));
        }
    }

    /** "That instance is gone" (T4). */
    record Down(int instanceNumber, String reason) implements RedirectAnswer {
        @Override
        public byte type() {
            return 'd';
        }

        @Override
        public void encodeBody(ByteBuffer out) {
            out.putShort((short) instanceNumber);
            WireText.encodeWithNul(reason, RedirectProtocol.MAX_MESSAGE_BYTES, out);
        }

        private static Down decode(ByteBuffer in) throws MalformedMessageException {
            require(in, 2);
            int number = Short.toUnsignedInt(in.getShort());
            return new Down(number, WireText.decodeUntilNul(in, RedirectProtocol.MAX_MESSAGE_BYTES));
        }
    }

    /** The whole message, ready to be read from. */
    default ByteBuffer encode() {
        ByteBuffer out = ByteBuffer.allocate(1 + RedirectProtocol.MAX_ANSWER_BYTES);
        out.put(type()).putInt(0);
        encodeBody(out);
        out.putInt(1, out.position() - 1);
        return out.flip();
    }

    /**
     * How many bytes follow the header.
     *
     * @param length the length field
     * @throws MalformedMessageException if no answer is that long; nothing may be allocated then
     */
    static int bodyBytes(int length) throws MalformedMessageException {
        if (length < 4 || length > RedirectProtocol.MAX_ANSWER_BYTES) {
            throw new MalformedMessageException("answer length " + length);
        }
        return length - 4;
    }

    /**
     * Decodes what follows the header.
     *
     * @param type the type byte, one of c, e, d
     * @param body exactly the body
     * @throws MalformedMessageException if it is not exactly one answer of version 1
     */
    static RedirectAnswer decodeBody(byte type, ByteBuffer body) throws MalformedMessageException {
        RedirectAnswer answer = switch (type) {
            case 'c' -> Instance.decode(body);
            case 'e' -> Refusal.decode(body);
            case 'd' -> Down.decode(body);
            default -> throw new MalformedMessageException("unknown answer type " + type);
        };
        if (body.hasRemaining()) {
            throw new MalformedMessageException(body.remaining() + " bytes behind the answer");
        }
        return answer;
    }

    private static void require(ByteBuffer in, int bytes) throws MalformedMessageException {
        if (in.remaining() < bytes) {
            throw new MalformedMessageException("answer body of " + in.remaining() + " bytes");
        }
    }
}
