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
 * The ParameterStatus messages of a server connection: as they were when it had logged in, which is what a new client is greeted with,
 * and which of them its client has changed since. Confined to the relay's loop.
 */
final class ServerParameters {

    private final Map<String, byte[]> atLogin = new LinkedHashMap<>();
    private final Set<String> changed = new HashSet<>(0);
    private byte @Nullable [] greeting;

    /** A whole ParameterStatus message has come. */
    void onStatus(ByteBuffer buffer, int from, int to, boolean loggedIn) {
        byte[] message = new byte[to - from];
        buffer.get(from, message);
        String name = new TextReader(buffer, from + MessageScanner.HEADER_BYTES, to).next();
        if (!loggedIn) {
            atLogin.put(name, message);
        } else if (Arrays.equals(message, atLogin.get(name))) {
            changed.remove(name);
        } else {
            changed.add(name);
        }
    }

    /** Whether a new client would be told something that is not so any more. */
    boolean isChanged() {
        return !changed.isEmpty();
    }

    /** All of them as at login, message behind message; not to be written to. */
    byte[] atLogin() {
        byte[] all = greeting;
        if (all == null) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            atLogin.values().forEach(out::writeBytes);
            all = out.toByteArray();
            greeting = all;
        }
        return all;
    }
}
