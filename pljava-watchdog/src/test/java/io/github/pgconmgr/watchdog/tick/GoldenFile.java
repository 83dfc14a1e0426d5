package io.github.pgconmgr.watchdog.tick;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;

/** Bytes written down as hexadecimal digits; '#' starts a comment, blanks do not count. The C tests read the same files. */
final class GoldenFile {

    private GoldenFile() {}

    static byte[] read(String name) throws IOException {
        try (InputStream in = GoldenFile.class.getResourceAsStream("/golden/" + name)) {
            String text = new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.US_ASCII);
            return HexFormat.of().parseHex(text.replaceAll("#.*", "").replaceAll("\\s", ""));
        }
    }
}
