package io.github.pgconmgr.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Golden files: hexadecimal bytes, blanks and lines as one likes, {@code #} starts a comment. Tests of every language read
 * the same files. Stateless.
 */
public final class Golden {

    private Golden() {}

    /** The bytes of {@code golden/NAME.hex}. */
    public static ByteBuffer read(String name) {
        String path = "/golden/" + name + ".hex";
        try (InputStream in = Golden.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalArgumentException("no golden file " + path);
            }
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return ByteBuffer.wrap(
                    HexFormat.of().parseHex(text.replaceAll("#.*", "").replaceAll("\\s", "")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For messages of failed assertions. */
    public static String hex(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return HexFormat.of().formatHex(copy);
    }
}
