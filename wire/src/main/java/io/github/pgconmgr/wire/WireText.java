package io.github.pgconmgr.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Strings on the wire: UTF-8, strictly decoded, length-checked before anything is allocated. Immutable, stateless. */
public final class WireText {

    private WireText() {}

    /**
     * Decodes all that remains in {@code in}.
     *
     * @throws MalformedMessageException if it is longer than {@code maxBytes}, not UTF-8, or holds a control character (a peer
     *     must not write lines of its own into our log)
     */
    public static String decode(ByteBuffer in, int maxBytes) throws MalformedMessageException {
        if (in.remaining() > maxBytes) {
            throw new MalformedMessageException("string of " + in.remaining() + " bytes, at most " + maxBytes);
        }
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(in).toString();
        } catch (CharacterCodingException e) {
            throw new MalformedMessageException("string is not valid UTF-8");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new MalformedMessageException("string holds a control character");
        }
        return text;
    }

    /**
     * Reads a string up to its NUL.
     *
     * @throws MalformedMessageException if there is no NUL within {@code maxBytes}, or as {@link #decode}
     */
    public static String decodeUntilNul(ByteBuffer in, int maxBytes) throws MalformedMessageException {
        int limit = in.limit();
        int end = in.position();
        while (end < limit && in.get(end) != 0) {
            end++;
        }
        if (end == limit) {
            throw new MalformedMessageException("string without its closing NUL");
        }
        ByteBuffer slice = in.slice(in.position(), end - in.position());
        in.position(end + 1);
        return decode(slice, maxBytes);
    }

    /**
     * The bytes of a string of ours.
     *
     * @throws IllegalArgumentException if it is too long or holds a control character, so that nothing is sent that the other
     *     side must refuse
     */
    public static byte[] encode(String text, int maxBytes) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > maxBytes || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("not a wire string of at most " + maxBytes + " bytes");
        }
        return bytes;
    }

    /** Writes the string and a NUL; limits as {@link #encode}. */
    public static void encodeWithNul(String text, int maxBytes, ByteBuffer out) {
        out.put(encode(text, maxBytes)).put((byte) 0);
    }

    /** Makes any text fit: control characters become '?', the tail is cut at a character's border. */
    public static String fit(String text, int maxBytes) {
        StringBuilder fitted = new StringBuilder();
        int bytes = 0;
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            boolean unusable = Character.isISOControl(point) || Character.getType(point) == Character.SURROGATE;
            int kept = unusable ? '?' : point;
            bytes += Character.toString(kept).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > maxBytes) {
                break;
            }
            fitted.appendCodePoint(kept);
        }
        return fitted.toString();
    }
}
