package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.protocol.MessageScanner;
import io.github.pgconmgr.relay.protocol.TextReader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The ParameterStatus messages of a server connection: what a new client is greeted with, and whether its client has
 * changed any since it had logged in. Confined to the relay's loop.
 */
final class ServerParameters {

    private final Map<String, byte[]> atLogin = new LinkedHashMap<>();
    private final Map<String, byte[]> now = new LinkedHashMap<>();
    private final Set<String> changed = new HashSet<>(0);
    private byte @Nullable [] all;

    /** A whole ParameterStatus message has come. */
    void onStatus(ByteBuffer buffer, int from, int to, boolean loggedIn) {
        byte[] message = new byte[to - from];
        buffer.get(from, message);
        String name = new TextReader(buffer, from + MessageScanner.HEADER_BYTES, to).next();
        now.put(name, message);
        all = null;
        if (!loggedIn) {
            atLogin.put(name, message);
        } else if (Arrays.equals(message, atLogin.get(name))) {
            changed.remove(name);
        } else {
            changed.add(name);
        }
    }

    /** Whether its client has changed one, so that a reset will change it again. */
    boolean isChanged() {
        return !changed.isEmpty();
    }

    /** All of them as they are now, message behind message; not to be written to. */
    byte[] messages() {
        byte[] known = all;
        if (known == null) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            now.values().forEach(out::writeBytes);
            known = out.toByteArray();
            all = known;
        }
        return known;
    }
}
