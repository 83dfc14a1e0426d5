package io.github.pgconmgr.wire.redirect;

import io.github.pgconmgr.wire.MalformedMessageException;
import io.github.pgconmgr.wire.WireText;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A driver's question (stage 1, T2). Immutable.
 *
 * @param flags what the driver understands beyond version 1; 0 for nothing
 * @param target the wanted attribute
 * @param wish what the instance must have replayed
 * @param details what the driver tells of itself, for {@code cm_ctl status}: application_name, pid, driver; in its order
 */
public record RedirectRequest(int flags, TargetAttribute target, LsnWish wish, Map<String, String> details) {

    private static final String TARGET_KEY = "target_session_attrs";

    /** Without a wish. */
    public RedirectRequest(int flags, TargetAttribute target, Map<String, String> details) {
        this(flags, target, LsnWish.NONE, details);
    }

    /** The same with a wish, and with the flag that lets conmgr say that it has heeded it. */
    public RedirectRequest wishing(LsnWish newWish) {
        return new RedirectRequest(flags | RedirectProtocol.READS_PAIRS, target, newWish, details);
    }

    /** Copies the details. */
    public RedirectRequest {
        details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }

    /** The whole request, ready to be read from. */
    public ByteBuffer encode() {
        ByteBuffer out = ByteBuffer.allocate(RedirectProtocol.MAX_REQUEST_BYTES);
        out.putInt(0).putInt(RedirectProtocol.GSSENC_REQUEST_CODE).putInt(RedirectProtocol.MAGIC);
        out.putShort((short) RedirectProtocol.VERSION).putShort((short) flags);
        Map<String, String> pairs = new LinkedHashMap<>();
        pairs.put(TARGET_KEY, target.word());
        wish.putInto(pairs);
        pairs.putAll(details);
        pairs.forEach((key, value) -> putPair(out, key, value));
        out.put((byte) 0);
        out.putInt(0, out.position());
        return out.flip();
    }

    /** Whether the sender reads pairs behind the attribute of an answer. */
    public boolean readsPairs() {
        return (flags & RedirectProtocol.READS_PAIRS) != 0;
    }

    static void putPair(ByteBuffer out, String key, String value) {
        WireText.encodeWithNul(key, RedirectProtocol.MAX_TEXT_BYTES, out);
        WireText.encodeWithNul(value, RedirectProtocol.MAX_TEXT_BYTES, out);
    }

    /**
     * Whether these first bytes open a redirect request. False also as long as fewer than
     * {@link RedirectProtocol#DISPATCH_BYTES} are there.
     */
    public static boolean isRedirect(ByteBuffer first) {
        int at = first.position();
        return first.remaining() >= RedirectProtocol.DISPATCH_BYTES
                && first.getInt(at + 4) == RedirectProtocol.GSSENC_REQUEST_CODE
                && first.getInt(at + 8) == RedirectProtocol.MAGIC;
    }

    /**
     * Decodes one whole request, its length field included.
     *
     * @throws MalformedMessageException if it is not exactly one request of version 1
     */
    public static RedirectRequest decode(ByteBuffer in) throws MalformedMessageException {
        int size = in.remaining();
        if (size < RedirectProtocol.MIN_REQUEST_BYTES
                || size > RedirectProtocol.MAX_REQUEST_BYTES
                || in.getInt() != size) {
            throw new MalformedMessageException("redirect request of " + size + " bytes");
        }
        if (in.getInt() != RedirectProtocol.GSSENC_REQUEST_CODE || in.getInt() != RedirectProtocol.MAGIC) {
            throw new MalformedMessageException("redirect request without its magic");
        }
        int version = Short.toUnsignedInt(in.getShort());
        if (version != RedirectProtocol.VERSION) {
            throw new MalformedMessageException("redirect request of version " + version);
        }
        int flags = Short.toUnsignedInt(in.getShort());
        Map<String, String> pairs = decodePairs(in);
        if (in.hasRemaining()) {
            throw new MalformedMessageException(in.remaining() + " bytes behind the redirect request");
        }
        String word = pairs.remove(TARGET_KEY);
        TargetAttribute target = TargetAttribute.of(word == null ? "" : word)
                .orElseThrow(() -> new MalformedMessageException("target_session_attrs is missing or unknown"));
        return new RedirectRequest(flags, target, LsnWish.takeFrom(pairs), pairs);
    }

    /** Pairs up to the NUL that ends them. */
    static Map<String, String> decodePairs(ByteBuffer in) throws MalformedMessageException {
        Map<String, String> pairs = new LinkedHashMap<>();
        while (true) {
            String key = WireText.decodeUntilNul(in, RedirectProtocol.MAX_TEXT_BYTES);
            if (key.isEmpty()) {
                return pairs;
            }
            if (pairs.size() == RedirectProtocol.MAX_PAIRS) {
                throw new MalformedMessageException("more than " + RedirectProtocol.MAX_PAIRS + " pairs");
            }
            String value = WireText.decodeUntilNul(in, RedirectProtocol.MAX_TEXT_BYTES);
            if (pairs.put(key, value) != null) {
                throw new MalformedMessageException("a key stands twice");
            }
        }
    }
}
